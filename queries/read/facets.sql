-- How many calls fit the filter, by agent, channel, direction, outcome and day?
--
-- Topic:      volume
-- Grain:      one row per facet and value
-- Parameters: 1  failed_from      date       30 days ago  first UTC day whose evaluations are read
--             2  failed_to        date       today        last UTC day; before the first day, no evaluations are read
--             3  failed_criterion string     required     id of the criterion
--             4  recorded_from    date       30 days ago  first UTC day whose recordings are read
--             5  recorded_to      date       today        last UTC day; before the first day, no recordings are read
--             6  from             date       30 days ago  first UTC day
--             7  to               date       today        last UTC day
--             8  agent            string     required     agent id, or * for all
--             9  caller           string     required     the person's folder, or * for all
--             10 direction        string     required     inbound, outbound, or * for both
--             11 channel          string     required     the channel, or * for all
--             12 status           string     required     the status, or * for all
--             13 outcome          string     required     success, failure, unknown, or * for all
--             14 source           string     required     webhook, api, re-upload, or * for all
--             15 min_duration     double     -1           least length in seconds
--             16 max_duration     double     1e300        greatest length in seconds
--             17 has_recording    any|yes|no any          whether the archive has the recording
--             18 has_failed       any|yes    any          yes for calls that failed the criterion
-- Reads:      evaluations, recordings, conversations
--
-- A parameter of the filter that is * selects every call. Evaluations and recordings are read only for the days that
-- their own parameters name, so a filter that is not used reads none of them. A call without a duration counts as 0
-- seconds long.
--
-- The facet all has one value, null, and the number of all calls. name is the agent's latest name in alphabetical order.

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
        conversations.agent_id,
        conversations.agent_name,
        conversations.channel,
        conversations.direction,
        conversations.call_successful
    from conversations
    left join failed
        on failed.conversation_id = conversations.conversation_id
    left join recorded
        on recorded.conversation_id = conversations.conversation_id
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

),

per_value as (

    select
        cast(facets.name as varchar) as facet,
        case facets.name
            when 'agent' then filtered.agent_id
            when 'channel' then filtered.channel
            when 'direction' then filtered.direction
            when 'outcome' then filtered.call_successful
            when 'day' then filtered.dt
        end as value,
        max(case when facets.name = 'agent' then filtered.agent_name end) as name,
        count(*) as calls
    from filtered
    cross join unnest(array['all', 'agent', 'channel', 'direction', 'outcome', 'day']) as facets (name)
    group by 1, 2

)

select * from per_value
order by facet, calls desc, value
limit 10000
