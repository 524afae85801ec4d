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
-- state, and one of unknown length out of the cost of a minute. The cost of a success is that of all calls,
-- divided by those that succeeded. A renamed agent has the name of its last day.
--
-- The price of the language model (llm_usd) is stated in US dollars for every account; llm-cost tells of each model.
-- It is no further cost: in deliveries of 2025-11 and later the credits and the US dollars have it in them.

with

calls as (

    select
        dt,
        agent_id,
        agent_name,
        duration_secs,
        cost_credits,
        cost_usd,
        llm_price_usd,
        call_successful
    from conversations
    where dt between ? and ?
        and status is distinct from 'initiation_failure'

),

per_agent as (

    select
        agent_id,
        substr(max(dt || agent_name), 11) as agent_name,
        count(*) as calls,
        count(cost_credits) as with_credits,
        count(cost_usd) as with_usd,
        count(llm_price_usd) as with_llm_usd,
        count(*) filter (where call_successful = 'success') as succeeded,
        count(cost_credits) filter (where call_successful = 'success') as succeeded_with_credits,
        count(cost_usd) filter (where call_successful = 'success') as succeeded_with_usd,
        sum(cost_credits) as credits,
        sum(cost_usd) as usd,
        sum(llm_price_usd) as llm_usd,
        sum(cost_credits) filter (where duration_secs is not null) as timed_credits,
        sum(cost_usd) filter (where duration_secs is not null) as timed_usd,
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
        round(timed_credits / nullif(minutes_with_credits, 0e0), 1) as credits_per_minute,
        round(credits / nullif(succeeded_with_credits, 0), 1) as credits_per_success,
        round(usd, 4) as usd,
        round(usd / nullif(with_usd, 0), 4) as usd_per_call,
        round(timed_usd / nullif(minutes_with_usd, 0e0), 4) as usd_per_minute,
        round(usd / nullif(succeeded_with_usd, 0), 4) as usd_per_success,
        round(llm_usd, 4) as llm_usd,
        round(llm_usd / nullif(with_llm_usd, 0), 4) as llm_usd_per_call
    from per_agent

)

select * from priced
order by credits desc, agent_id
