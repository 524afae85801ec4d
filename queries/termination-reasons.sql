-- Why do calls end, and how many of them failed?
--
-- Topic:      outcome
-- Grain:      one row per agent, reason and error code
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      conversations
-- Chart:      bar calls by agent_id, termination_reason
--
-- The reason is ElevenLabs' own text, case-sensitive, and null if there is none. Each reason has one row for all
-- outcomes; `call-outcomes` has one for each status and verdict, and includes attempts. failed is the number of calls
-- that the analysis rates a failure. Attempts that failed before a call began are not counted. The share is that of
-- the agent's calls. The average is over calls of known length.

with

ended as (

    select
        nullif(agent_id, '') as agent_id,
        nullif(termination_reason, '') as termination_reason,
        nullif(error_code, '') as error_code,
        duration_secs,
        nullif(call_successful, '') as call_successful
    from conversations
    where dt between ? and ?
        and status is distinct from 'initiation_failure'

),

per_reason as (

    select
        agent_id,
        termination_reason,
        error_code,
        count(*) as calls,
        round(avg(duration_secs), 1) as average_secs,
        count(*) filter (where call_successful = 'failure') as failed
    from ended
    group by agent_id, termination_reason, error_code

),

with_share as (

    select
        agent_id,
        termination_reason,
        error_code,
        calls,
        round(100e0 * calls / sum(calls) over (partition by agent_id), 1) as share_percent,
        average_secs,
        failed
    from per_reason

)

select * from with_share
order by agent_id, calls desc, termination_reason, error_code
