-- Which calls fit the filter, in the order of one column, after a given row?
--
-- Topic:      volume
-- Grain:      one row per call or failed attempt
-- Parameters: 1  failed_from       date       30 days ago  first UTC day whose evaluations are read
--             2  failed_to         date       today        last UTC day; before the first day, no evaluations are read
--             3  failed_criterion  string     required     id of the criterion
--             4  recorded_from     date       30 days ago  first UTC day whose recordings are read
--             5  recorded_to       date       today        last UTC day; before the first day, no recordings are read
--             6  from              date       30 days ago  first UTC day
--             7  to                date       today        last UTC day
--             8  agent             string     required     agent id, or * for all
--             9  caller            string     required     the person's folder, or * for all
--             10 direction         string     required     inbound, outbound, or * for both
--             11 channel           string     required     the channel, or * for all
--             12 status            string     required     the status, or * for all
--             13 outcome           string     required     success, failure, unknown, or * for all
--             14 source            string     required     webhook, api, re-upload, or * for all
--             15 min_duration      double     -1           least length in seconds
--             16 max_duration      double     1e300        greatest length in seconds
--             17 has_recording     any|yes|no any          whether the archive has the recording
--             18 has_failed        any|yes    any          yes for calls that failed the criterion
--             19 sort              string     required     started_at, duration_secs, cost_credits or rating; with a leading - for descending
--             20 after_value       double     -1e301       sort_value of the last row of the page before
--             21 after_value_again double     -1e301       the same value
--             22 after_id          string     required     conversation_id of that row; empty for the first page
--             23 rows              integer    50           the number of rows, up to 501
-- Reads:      evaluations, recordings, conversations
--
-- A parameter of the filter that is * selects every call. Evaluations and recordings are read only for the days that
-- their own parameters name, so a filter that is not used reads none of them. A call without a duration counts as 0
-- seconds long.
--
-- Rows are in ascending order of sort_value and then of conversation_id. sort_value is negative for a descending order,
-- and the greatest for a call without a value. So the next page begins after the last row of this one, also if calls
-- arrived meanwhile. An attempt that failed has no start: its place in time is that of its event.

with

failed as (

    select distinct conversation_id
    from evaluations
    where dt between ? and ?
        and criteria_id = cast(? as varchar)
        and result = 'failure'

),

recorded as (

    select distinct conversation_id
    from recordings
    where dt between ? and ?

),

filtered as (

    select
        conversations.dt,
        conversations.conversation_id,
        conversations.agent_id,
        conversations.agent_name,
        conversations.branch_id,
        conversations.version_id,
        conversations.user_id,
        conversations.caller,
        conversations.direction,
        conversations.channel,
        conversations.initiation_source,
        conversations.environment,
        conversations.tag_ids,
        conversations.batch_call_id,
        conversations.batch_recipient_id,
        conversations.campaign_id,
        conversations.campaign_lead_id,
        conversations.agent_number,
        conversations.call_sid,
        conversations.status,
        conversations.call_result,
        conversations.is_machine,
        conversations.failure_reason,
        conversations.started_at,
        conversations.duration_secs,
        conversations.queue_wait_secs,
        conversations.acceptance_wait_secs,
        conversations.cost_credits,
        conversations.surcharge_credits,
        conversations.cost_usd,
        conversations.llm_price_usd,
        conversations.llm_initiated_usd,
        conversations.llm_used_usd,
        conversations.termination_reason,
        conversations.error_code,
        conversations.error_reason,
        conversations.warnings,
        conversations.timezone,
        conversations.main_language,
        conversations.text_only,
        conversations.call_successful,
        conversations.success_score,
        conversations.title,
        conversations.summary,
        conversations.rating,
        conversations.overall_score,
        conversations.likes,
        conversations.dislikes,
        conversations.feedback_comment,
        conversations.turn_count,
        conversations.user_turn_count,
        conversations.agent_turn_count,
        conversations.silence_count,
        conversations.unsaid_count,
        conversations.tool_call_count,
        conversations.tool_error_count,
        conversations.interrupted_count,
        conversations.first_user_message,
        conversations.has_audio,
        conversations.recording_absence,
        conversations.event_at,
        conversations.received_at,
        conversations.source,
        conversations.raw_key,
        conversations.raw_bytes,
        conversations.raw_sha256,
        conversations.processor_version,
        coalesce(
            sorts.sign * case replace(sorts.name, '-', '')
                when 'started_at'
                    then cast(
                        date_diff(
                            'millisecond',
                            timestamp '1970-01-01 00:00:00',
                            coalesce(conversations.started_at, conversations.event_at)
                        ) as double
                    )
                when 'duration_secs' then conversations.duration_secs
                when 'cost_credits' then conversations.cost_credits
                when 'rating' then conversations.rating
            end,
            1e300
        ) as sort_value
    from conversations
    left join failed
        on failed.conversation_id = conversations.conversation_id
    left join recorded
        on recorded.conversation_id = conversations.conversation_id
    cross join (
        values
            ('started_at', 1),
            ('-started_at', -1),
            ('duration_secs', 1),
            ('-duration_secs', -1),
            ('cost_credits', 1),
            ('-cost_credits', -1),
            ('rating', 1),
            ('-rating', -1)
    ) as sorts (name, sign)
    where conversations.dt between ? and ?
        and cast(? as varchar) in ('*', conversations.agent_id)
        and cast(? as varchar) in ('*', conversations.caller)
        and cast(? as varchar) in ('*', conversations.direction)
        and cast(? as varchar) in ('*', conversations.channel)
        and cast(? as varchar) in ('*', conversations.status)
        and cast(? as varchar) in ('*', conversations.call_successful)
        and cast(? as varchar) in ('*', conversations.source)
        and coalesce(conversations.duration_secs, 0) >= cast(? as double)
        and coalesce(conversations.duration_secs, 0) <= cast(? as double)
        and cast(? as varchar) in ('any', case when recorded.conversation_id is null then 'no' else 'yes' end)
        and cast(? as varchar) in ('any', case when failed.conversation_id is not null then 'yes' end)
        and sorts.name = cast(? as varchar)

),

following as (

    select *
    from filtered
    where sort_value > cast(? as double)
        or (sort_value = cast(? as double) and conversation_id > cast(? as varchar))
    order by sort_value, conversation_id
    limit 501

),

numbered as (

    select
        *,
        row_number() over (order by sort_value, conversation_id) as position
    from following

),

paged as (

    select *
    from numbered
    where position <= cast(? as integer)

)

select * from paged
order by position
