-- How did the calls of each agent end, for what reason, and how did the analysis judge them?
--
-- Topic:      outcome
-- Grain:      one row per agent, status, verdict of the analysis and reason
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      conversations
-- Chart:      bar calls by agent_id, status, call_successful, reason
--
-- Attempts that failed before a call began are included. For them, reason is the reason of the failure; for a call, it
-- is the reason for its end. The share is that of all the agent's calls and attempts.

with

outcomes as (

    select
        agent_id,
        status,
        call_successful,
        coalesce(failure_reason, termination_reason) as reason,
        duration_secs
    from conversations
    where dt between ? and ?

),

per_outcome as (

    select
        agent_id,
        status,
        call_successful,
        reason,
        count(*) as calls,
        round(avg(duration_secs), 1) as average_secs
    from outcomes
    group by agent_id, status, call_successful, reason

),

with_share as (

    select
        agent_id,
        status,
        call_successful,
        reason,
        calls,
        round(100e0 * calls / sum(calls) over (partition by agent_id), 1) as share_percent,
        average_secs
    from per_outcome

)

select * from with_share
order by agent_id, calls desc, status, call_successful, reason
