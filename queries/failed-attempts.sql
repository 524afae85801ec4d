-- Which outbound attempts failed before a call began, and why?
--
-- Topic:      volume
-- Grain:      one row per agent, channel and reason of failure
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      conversations
-- Chart:      bar attempts by agent_id, failure_reason
--
-- The share is that of the agent's failed attempts. placed is the number of the agent's failed attempts and outbound
-- calls, on all channels. failed_percent is relative to it, and its sum over an agent's rows is the agent's failure
-- rate. A call that began and failed later is not a failed attempt, whatever its reason. The report of an attempt does
-- not name the agent. agent_name comes from its outbound calls on the last day; it is null if it had none. The day of
-- an attempt is the day of its report. The example is the attempt with the greatest id on the last day.

with

outbound as (

    select
        dt,
        conversation_id,
        nullif(agent_id, '') as agent_id,
        nullif(agent_name, '') as agent_name,
        nullif(channel, '') as channel,
        nullif(failure_reason, '') as failure_reason,
        raw_key,
        status is not distinct from 'initiation_failure' as is_attempt
    from conversations
    where dt between ? and ?
        and (direction = 'outbound' or status = 'initiation_failure')

),

per_reason as (

    select
        agent_id,
        channel,
        failure_reason,
        is_attempt,
        max(dt || agent_name) as last_name,
        count(*) as times,
        min(dt) as first_day,
        max(dt) as last_day,
        array_agg(conversation_id order by dt desc, conversation_id desc)[1] as example_conversation_id,
        array_agg(raw_key order by dt desc, conversation_id desc)[1] as example_raw_key
    from outbound
    group by agent_id, channel, failure_reason, is_attempt

),

with_totals as (

    select
        agent_id,
        substr(max(last_name) over (partition by agent_id), 11) as agent_name,
        channel,
        failure_reason,
        is_attempt,
        times as attempts,
        sum(times) over (partition by agent_id, is_attempt) as all_attempts,
        cast(sum(times) over (partition by agent_id) as bigint) as placed,
        first_day,
        last_day,
        example_conversation_id,
        example_raw_key
    from per_reason

),

failed as (

    select
        agent_id,
        agent_name,
        channel,
        failure_reason,
        attempts,
        round(100e0 * attempts / all_attempts, 1) as share_percent,
        placed,
        round(100e0 * attempts / placed, 1) as failed_percent,
        first_day,
        last_day,
        example_conversation_id,
        example_raw_key
    from with_totals
    where is_attempt

)

select * from failed
order by agent_id, attempts desc, channel, failure_reason
