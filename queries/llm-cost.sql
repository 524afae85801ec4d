-- What does each language model cost, and how much of it was spent on answers that nobody heard?
--
-- Topic:      money
-- Grain:      one row per agent and language model
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      llm_usage
-- Chart:      bar initiated_usd by llm_model
--
-- A model begins an answer whenever it seems that the person has finished, and drops it when they go on: what was
-- begun (initiated) is paid, what was spoken is used, and the difference is discarded. Where a call does not state
-- what was used, nothing was. A price that is not stated adds nothing.

with

usage as (

    select
        agent_id,
        llm_model,
        initiated_tokens,
        initiated_usd,
        used_tokens,
        used_usd
    from llm_usage
    where dt between ? and ?

),

per_model as (

    select
        agent_id,
        llm_model,
        count(*) as calls,
        cast(sum(initiated_tokens) as bigint) as initiated_tokens,
        sum(initiated_usd) as initiated_usd,
        sum(coalesce(used_usd, 0e0)) as used_usd
    from usage
    group by agent_id, llm_model

),

compared as (

    select
        agent_id,
        llm_model,
        calls,
        initiated_tokens,
        round(initiated_usd, 4) as initiated_usd,
        round(used_usd, 4) as used_usd,
        round(initiated_usd - used_usd, 4) as discarded_usd,
        round(100e0 * (initiated_usd - used_usd) / nullif(initiated_usd, 0e0), 1) as discarded_percent,
        round(initiated_usd / calls, 4) as usd_per_call
    from per_model

)

select * from compared
order by initiated_usd desc, agent_id, llm_model
