-- Why do calls end, and which ends leave a failure behind?
--
-- Topic:      outcome
-- Grain:      one row per agent, reason and error code
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      conversations
-- Chart:      bar calls by agent_id, termination_reason
--
-- The reason is in ElevenLabs' own words, letter by letter; null where it gives none. Each has one row,
-- whatever became of the call (call-outcomes has one for each status and verdict, and attempts too): failed
-- is how many of the calls the analysis calls a failure. Attempts that failed before there was a call do not
-- count. The share is that of the agent's calls, the average that of the calls whose length is known.

with

ended as (

    select
        agent_id,
        nullif(termination_reason, '') as termination_reason,
        nullif(error_code, '') as error_code,
        duration_secs,
        call_successful
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
