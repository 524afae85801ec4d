-- Which calls went worst?
--
-- Topic:      outcome
-- Grain:      one row per call that failed, was long or was rated poorly
-- Parameters: 1 from        date   30 days ago  first UTC day
--             2 to          date   today        last UTC day
--             3 long_secs   double 600          a call longer than this is listed
--             4 poor_rating double 2            a call with this rating or less is listed
-- Reads:      conversations, evaluations, recordings
--
-- A call failed if the analysis rates it a failure, if its status is failed, or if it has an error code. Attempts that
-- failed before a call began are not listed. badness is the number of reasons that apply: failed, long, rated poorly.
-- The order is by badness, then by the number of criteria not met (failed_criteria), then by the lowest rating, then
-- by the last day. A call with unmet criteria only is not listed. raw_key and audio_key are the keys of its JSON and
-- its recording; of several recordings, the greatest key; null if there is none.

with

calls as (

    select
        dt,
        conversation_id,
        nullif(agent_id, '') as agent_id,
        nullif(agent_name, '') as agent_name,
        nullif(caller, '') as caller,
        started_at,
        duration_secs,
        rating,
        nullif(feedback_comment, '') as feedback_comment,
        nullif(call_successful, '') as call_successful,
        success_score,
        status,
        nullif(error_code, '') as error_code,
        nullif(title, '') as title,
        raw_key
    from conversations
    where dt between ? and ?
        and status is distinct from 'initiation_failure'

),

belongings as (

    select
        dt,
        conversation_id,
        cast(null as varchar) as audio_key,
        1 as is_unmet
    from evaluations
    where result = 'failure'
    union all
    select
        dt,
        conversation_id,
        audio_key,
        0 as is_unmet
    from recordings

),

per_call as (

    select
        dt,
        conversation_id,
        max(audio_key) as audio_key,
        cast(sum(is_unmet) as bigint) as failed_criteria
    from belongings
    group by dt, conversation_id

),

known as (

    -- Evaluations and recordings have the day of their call. With dt in the condition, only the requested days are
    -- read.
    select
        calls.dt as day,
        calls.conversation_id,
        calls.agent_id,
        calls.agent_name,
        calls.caller,
        calls.started_at,
        calls.duration_secs,
        calls.rating,
        calls.feedback_comment,
        calls.call_successful,
        calls.success_score,
        coalesce(per_call.failed_criteria, 0) as failed_criteria,
        calls.error_code,
        calls.title,
        calls.raw_key,
        per_call.audio_key,
        coalesce(
            calls.call_successful = 'failure' or calls.status = 'failed' or calls.error_code is not null,
            false
        ) as is_failed
    from calls
    left join per_call
        on per_call.dt = calls.dt
        and per_call.conversation_id = calls.conversation_id

),

judged as (

    -- Athena accepts a parameter in a where clause only. So each call is joined with true and with false, and the
    -- where clause keeps the right ones.
    select
        known.day,
        known.conversation_id,
        known.agent_id,
        known.agent_name,
        known.caller,
        known.started_at,
        known.duration_secs,
        known.rating,
        known.feedback_comment,
        known.call_successful,
        known.success_score,
        known.failed_criteria,
        known.error_code,
        known.title,
        known.raw_key,
        known.audio_key,
        known.is_failed,
        lengths.is_long,
        verdicts.is_poorly_rated
    from known
    cross join unnest(array[true, false]) as lengths (is_long)
    cross join unnest(array[true, false]) as verdicts (is_poorly_rated)
    where lengths.is_long = coalesce(known.duration_secs > cast(? as double), false)
        and verdicts.is_poorly_rated = coalesce(known.rating <= cast(? as double), false)

),

worst as (

    select
        day,
        conversation_id,
        agent_id,
        agent_name,
        caller,
        started_at,
        duration_secs,
        rating,
        feedback_comment,
        call_successful,
        success_score,
        failed_criteria,
        error_code,
        array_join(
            array[
                case when is_failed then 'failed' end,
                case when is_long then 'long' end,
                case when is_poorly_rated then 'poorly rated' end
            ],
            ', '
        ) as reasons,
        cast(is_failed as integer) + cast(is_long as integer) + cast(is_poorly_rated as integer) as badness,
        title,
        raw_key,
        audio_key
    from judged
    where is_failed
        or is_long
        or is_poorly_rated

)

select * from worst
order by badness desc, failed_criteria desc, rating, day desc, conversation_id
