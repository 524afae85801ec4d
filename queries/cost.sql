-- What does each agent cost: a call, a minute, and a call that succeeded?
--
-- Topic:      money
-- Grain:      one row per agent
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      conversations
-- Chart:      bar credits_per_call by agent_name
--
-- Attempts that failed before there was a call do not count. ElevenLabs states the cost of a call in
-- credits, and in US dollars for some accounts only: a call without a cost is left out of what it does not
-- state. The cost of a success is that of all calls, divided by those that succeeded.

with

calls as (

    select
        agent_id,
        agent_name,
        duration_secs,
        cost_credits,
        cost_usd,
        call_successful
    from conversations
    where dt between ? and ?
        and status is distinct from 'initiation_failure'

),

per_agent as (

    select
        agent_id,
        max(agent_name) as agent_name,
        count(*) as calls,
        count(cost_credits) as with_credits,
        count(cost_usd) as with_usd,
        count(*) filter (where call_successful = 'success') as succeeded,
        sum(cost_credits) as credits,
        sum(cost_usd) as usd,
        sum(duration_secs) filter (where cost_credits is not null) / 60e0 as minutes_with_credits,
        sum(duration_secs) filter (where cost_usd is not null) / 60e0 as minutes_with_usd
    from calls
    group by agent_id

),

priced as (

    select
        agent_id,
        agent_name,
        calls,
        succeeded,
        round(credits, 1) as credits,
        round(credits / nullif(with_credits, 0), 1) as credits_per_call,
        round(credits / nullif(minutes_with_credits, 0e0), 1) as credits_per_minute,
        round(credits / nullif(succeeded, 0), 1) as credits_per_success,
        round(usd, 2) as usd,
        round(usd / nullif(with_usd, 0), 4) as usd_per_call,
        round(usd / nullif(minutes_with_usd, 0e0), 4) as usd_per_minute,
        round(usd / nullif(succeeded, 0), 4) as usd_per_success
    from per_agent

)

select * from priced
order by credits desc, agent_id
