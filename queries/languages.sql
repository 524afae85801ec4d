-- Which languages are spoken in calls?
--
-- Topic:      content
-- Grain:      one row per agent and main language of its calls
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      conversations
-- Chart:      bar calls by agent_id, main_language
--
-- ElevenLabs states the main language of a call. Calls without one have their own row, with a null language. Attempts
-- that failed before a call began are not counted. The share is that of all the agent's calls. The success percentage
-- is over the calls with the verdict success or failure, and null without such a call. A call of unknown length is
-- left out of the average.

with

calls as (

    select
        nullif(agent_id, '') as agent_id,
        nullif(main_language, '') as main_language,
        nullif(call_successful, '') as call_successful,
        duration_secs
    from conversations
    where dt between ? and ?
        and status is distinct from 'initiation_failure'

),

per_language as (

    select
        agent_id,
        main_language,
        count(*) as calls,
        count(*) filter (where call_successful = 'success') as succeeded,
        count(*) filter (where call_successful = 'failure') as failed,
        avg(duration_secs) as average_secs
    from calls
    group by agent_id, main_language

),

with_share as (

    select
        agent_id,
        main_language,
        calls,
        round(100e0 * calls / sum(calls) over (partition by agent_id), 1) as share_percent,
        succeeded,
        failed,
        round(100e0 * succeeded / nullif(succeeded + failed, 0), 1) as success_percent,
        round(average_secs, 1) as average_secs
    from per_language

)

select * from with_share
order by agent_id, calls desc, main_language
