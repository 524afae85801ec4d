-- How many people called each agent, and how many had to call again within some days?
--
-- Topic:      volume
-- Grain:      one row per agent
-- Parameters: 1 from        date    30 days ago  first UTC day
--             2 to          date    today        last UTC day
--             3 within_days integer 7            a later call within these days: the matter was not resolved
-- Reads:      conversations
--
-- Calls that the agent placed and failed attempts are not counted, nor are calls by `anonymous`, who may be any number
-- of people. A repeat caller of an agent has more than one call to that agent in the requested days; `repeat-callers`
-- counts the calls to all agents together. A later call to any agent of the archive counts as calling again, and it is
-- attributed to the agent of the earlier call. A call exactly within_days later is still within them. Of calls in the
-- same second, the one with the greatest id is the later.
--
-- A call is judged only if the archive's last call in the requested days, of any caller, began at least within_days
-- later. Younger calls are not judged, because their callers may still call again. So set the first day well before
-- within_days ago. A call is not judged, and does not count as calling again, if its start is unknown or is not on the
-- call's day. Without a judged call the rate is null. A renamed agent has the name of its last day.

with

calls as (

    select
        dt,
        conversation_id,
        nullif(agent_id, '') as agent_id,
        nullif(agent_name, '') as agent_name,
        nullif(caller, '') as caller,
        nullif(direction, '') as direction,
        case when cast(started_at as date) = cast(dt as date) then started_at end as started_at
    from conversations
    where dt between ? and ?
        and status is distinct from 'initiation_failure'

),

with_end as (

    select
        dt,
        conversation_id,
        agent_id,
        agent_name,
        caller,
        direction,
        started_at,
        max(started_at) over () as last_at
    from calls

),

with_next as (

    select
        dt,
        agent_id,
        agent_name,
        caller,
        started_at,
        last_at,
        lead(started_at) over (partition by caller order by started_at, conversation_id) as next_at,
        count(*) over (partition by agent_id, caller) as calls_of_caller
    from with_end
    where caller <> 'anonymous'
        and direction is distinct from 'outbound'

),

spans as (

    -- Selected from a list, because Athena accepts a parameter in a where clause only, and two columns need it.
    select within_days
    from unnest(sequence(0, 9999)) as numbers (within_days)
    where within_days = cast(? as integer)

),

with_verdict as (

    select
        with_next.dt,
        with_next.agent_id,
        with_next.agent_name,
        with_next.caller,
        with_next.calls_of_caller > 1 as is_repeat_caller,
        date_add('day', spans.within_days, with_next.started_at) <= with_next.last_at as is_judged,
        date_add('day', spans.within_days, with_next.started_at) >= with_next.next_at as is_followed
    from with_next
    cross join spans

),

per_agent as (

    select
        agent_id,
        substr(max(dt || agent_name), 11) as agent_name,
        count(*) as calls,
        count(distinct caller) as callers,
        count(distinct caller) filter (where is_repeat_caller) as repeat_callers,
        count(*) filter (where is_judged) as judged,
        count(*) filter (where is_judged and is_followed) as called_again
    from with_verdict
    group by agent_id

),

rated as (

    select
        agent_id,
        agent_name,
        calls,
        callers,
        repeat_callers,
        judged,
        called_again,
        round(100e0 * (judged - called_again) / nullif(judged, 0), 1) as resolved_percent
    from per_agent

)

select * from rated
order by calls desc, agent_id
