-- How many calls did each agent have, day by day, how long did they last and what did they cost?
--
-- Topic:      volume
-- Grain:      one row per UTC day and agent that had a call
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      conversations
--
-- An attempt that failed before there was a call does not count. A call of unknown length counts, but
-- adds nothing to the minutes or the average.

with

calls as (

    select
        dt,
        agent_id,
        agent_name,
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
        count(*) as calls,
        round(sum(duration_secs) / 60, 1) as talk_minutes,
        round(avg(duration_secs), 1) as average_secs,
        round(sum(cost_credits), 1) as cost_credits
    from calls
    group by dt, agent_id

)

select * from per_day
order by day, agent_id
