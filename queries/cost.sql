-- What does each agent cost per call, per minute and per successful call?
--
-- Topic:      money
-- Grain:      one row per agent
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      conversations
-- Chart:      bar credits_per_call by agent_name
--
-- Attempts that failed before a call began are not counted. ElevenLabs states the cost of a call in credits, and for
-- some accounts in US dollars too. A call without a cost is left out of the columns of that currency. A call of
-- unknown length is left out of the cost per minute. The cost of a successful call is the cost of all calls, divided
-- by the number of successful ones. A renamed agent has the name of its last day.
--
-- ElevenLabs states surcharges, such as those for a voice, beside the cost and not included in it. They are in
-- surcharge_credits, and are not included in credits and in the columns made from it. total_credits is the sum of both.
--
-- llm_usd is the price of the language model. ElevenLabs states it in US dollars for every account; `llm-cost` has it
-- for each model. It is not an extra cost: in deliveries since 2025-11 the credits and the US dollars include it.

with

calls as (

    select
        dt,
        nullif(agent_id, '') as agent_id,
        nullif(agent_name, '') as agent_name,
        duration_secs,
        cost_credits,
        surcharge_credits,
        cost_usd,
        llm_price_usd,
        nullif(call_successful, '') as call_successful
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
        sum(surcharge_credits) as surcharge_credits,
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
        round(surcharge_credits, 1) as surcharge_credits,
        round(coalesce(credits + surcharge_credits, credits, surcharge_credits), 1) as total_credits,
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
