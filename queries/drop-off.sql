-- After how many turns do people leave?
--
-- Topic:      outcome
-- Grain:      one row per agent and number of turns that the person had spoken when the call ended
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      conversations, turns
-- Chart:      bar calls by agent_id, spoken_times
--
-- The person leaves when the call ends, whichever side ends it. Only turns of kind said with words count: a letter, a
-- digit or a symbol. Silence, contextual updates, ignored back-channels and mailbox greetings do not count. 0 is a call
-- in which the person never spoke. More than 20 are counted as 21.
--
-- cumulative_percent is the share of the agent's calls that ended by then. left_without_success is the number of the
-- calls that the analysis rates a failure. The average is over calls of known length. Attempts that failed before a
-- call began are not counted. Calls without a transcript are not counted. The example is the call with the greatest id
-- on the last day.

with

calls as (

    select
        dt,
        conversation_id,
        nullif(agent_id, '') as agent_id,
        duration_secs,
        nullif(call_successful, '') as call_successful,
        status,
        turn_count
    from conversations
    where dt between ? and ?
        and status is distinct from 'initiation_failure'
        and turn_count > 0

),

spoken as (

    select
        dt,
        conversation_id,
        count(*) as times
    from turns
    where role = 'user'
        and coalesce(kind, 'said') = 'said'
        and regexp_like(message, '[^\p{P}\p{Z}\p{Cc}\p{Cf}\p{M}]')
    group by dt, conversation_id

),

counted as (

    -- A turn has the day of its call. With dt in the condition, only the requested days are read.
    select
        calls.dt,
        calls.conversation_id,
        calls.agent_id,
        calls.duration_secs,
        calls.call_successful,
        least(coalesce(spoken.times, 0), 21) as spoken_times
    from calls
    left join spoken
        on spoken.dt = calls.dt
        and spoken.conversation_id = calls.conversation_id

),

per_times as (

    select
        agent_id,
        spoken_times,
        count(*) as calls,
        count(*) filter (where call_successful = 'failure') as left_without_success,
        round(avg(duration_secs), 1) as average_secs,
        array_agg(conversation_id order by dt desc, conversation_id desc)[1] as example_conversation_id
    from counted
    group by agent_id, spoken_times

),

with_share as (

    select
        agent_id,
        spoken_times,
        calls,
        round(100e0 * calls / sum(calls) over (partition by agent_id), 1) as share_percent,
        round(
            100e0 * sum(calls) over (partition by agent_id order by spoken_times)
                / sum(calls) over (partition by agent_id),
            1
        ) as cumulative_percent,
        left_without_success,
        average_secs,
        example_conversation_id
    from per_times

)

select * from with_share
order by agent_id, spoken_times
