-- Which callers called several times, and when did they last call?
--
-- Topic:      volume
-- Grain:      one row per caller
-- Parameters: 1 from     date    30 days ago  first UTC day
--             2 to       date    today        last UTC day
--             3 at_least integer 2            the number of calls that makes a repeat caller
-- Reads:      conversations
-- Chart:      bar calls by caller
--
-- The calls of a caller to all agents are counted together; `called-again` has the repeat callers of each agent. Calls
-- that the agent placed and failed attempts are not counted. `anonymous` is left out, because it may be any number of
-- people. The title is that of the last call, if it has one. Of calls in the same second, the one with the
-- greatest id is the last.

with

calls as (

    select
        dt,
        conversation_id,
        nullif(caller, '') as caller,
        started_at,
        duration_secs,
        nullif(call_successful, '') as call_successful,
        nullif(title, '') as title
    from conversations
    where dt between ? and ?
        and nullif(caller, '') <> 'anonymous'
        and direction is distinct from 'outbound'
        and status is distinct from 'initiation_failure'

),

per_caller as (

    select
        caller,
        count(*) as calls,
        count(distinct dt) as days,
        min(started_at) as first_at,
        max(started_at) as last_at,
        round(sum(duration_secs) / 60, 1) as talk_minutes,
        count(*) filter (where call_successful = 'failure') as unsuccessful,
        array_agg(title order by started_at desc, conversation_id desc)[1] as last_title
    from calls
    group by caller

),

repeated as (

    select
        caller,
        calls,
        days,
        first_at,
        last_at,
        talk_minutes,
        unsuccessful,
        last_title
    from per_caller
    where calls >= cast(? as integer)

)

select * from repeated
order by calls desc, caller
