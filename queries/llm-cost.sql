-- What does each language model cost, and how much of that was for answers that were not spoken?
--
-- Topic:      money
-- Grain:      one row per agent and language model
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      llm_usage
-- Chart:      bar initiated_usd by agent_id, llm_model
--
-- A model starts an answer whenever the person seems to have finished, and discards it when the person continues.
-- Initiated answers are paid. Used ones were spoken, whether or not the person interrupted them. The difference is
-- discarded. A model that has initiated but no used tokens in a call spoke nothing in it. If only used tokens are
-- stated, as in chats, initiated is the same number. If no price is stated, as for a customer's own model, the call
-- adds its tokens only: usd_per_call is over the calls with a price.
--
-- discarded_usd and its percentage are over compared_calls: the calls that state a price of the initiated answers, and
-- either a price of the used ones or no used answer. Other calls may have discarded answers, too, but state no price
-- of them. Without a compared call both are null. If a call states a greater price for used than for initiated answers,
-- it discarded nothing. Free US dollars of the account are not deducted; `cost` has the price that was charged.

with

usage as (

    select
        nullif(agent_id, '') as agent_id,
        nullif(llm_model, '') as llm_model,
        initiated_tokens,
        initiated_usd,
        used_tokens,
        used_usd
    from llm_usage
    where dt between ? and ?

),

completed as (

    select
        agent_id,
        llm_model,
        coalesce(initiated_tokens, used_tokens) as initiated_tokens,
        coalesce(initiated_usd, used_usd) as initiated_usd,
        case
            when initiated_tokens is not null and used_usd is null and used_tokens is null then 0
            else used_tokens
        end as used_tokens,
        case
            when initiated_usd is not null and used_usd is null and used_tokens is null then 0e0
            else used_usd
        end as used_usd,
        initiated_usd is not null and (used_usd is not null or used_tokens is null) as is_compared
    from usage

),

per_model as (

    select
        agent_id,
        llm_model,
        count(*) as calls,
        count(initiated_usd) as with_price,
        cast(sum(initiated_tokens) as bigint) as initiated_tokens,
        cast(sum(used_tokens) as bigint) as used_tokens,
        sum(initiated_usd) as initiated_usd,
        sum(used_usd) as used_usd,
        count(*) filter (where is_compared) as compared_calls,
        sum(initiated_usd) filter (where is_compared) as compared_usd,
        sum(case when initiated_usd > used_usd then initiated_usd - used_usd else 0e0 end) filter (where is_compared)
            as discarded_usd
    from completed
    group by agent_id, llm_model

),

compared as (

    select
        agent_id,
        llm_model,
        calls,
        initiated_tokens,
        used_tokens,
        round(initiated_usd, 4) as initiated_usd,
        round(used_usd, 4) as used_usd,
        compared_calls,
        round(discarded_usd, 4) as discarded_usd,
        round(100e0 * discarded_usd / nullif(compared_usd, 0e0), 1) as discarded_percent,
        round(initiated_usd / nullif(with_price, 0), 4) as usd_per_call
    from per_model

)

select * from compared
order by initiated_usd desc, agent_id, llm_model
