-- How many calls did each agent have per day, direction and channel, and what did they cost?
--
-- Topic:      volume
-- Grain:      one row per UTC day, agent, direction and channel that had a call
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      conversations
-- Chart:      line calls by day, agent_name, direction, channel
--
-- Attempts that failed before a call began are not counted. A call of unknown length is counted, but is left out of
-- the minutes and the average. If ElevenLabs states no direction, as for web calls, direction is null.

with

calls as (

    select
        dt,
        nullif(agent_id, '') as agent_id,
        nullif(agent_name, '') as agent_name,
        nullif(direction, '') as direction,
        nullif(channel, '') as channel,
        duration_secs,
        cost_credits
    from conversations
    where dt between ? and ?
        and status is distinct from 'initiation_failure'

),

per_day as (

    select
        dt as day,
        agent_id,
        max(agent_name) as agent_name,
        direction,
        channel,
        count(*) as calls,
        round(sum(duration_secs) / 60, 1) as talk_minutes,
        round(avg(duration_secs), 1) as average_secs,
        round(sum(cost_credits), 1) as cost_credits
    from calls
    group by dt, agent_id, direction, channel

)

select * from per_day
order by day, agent_id, direction, channel
