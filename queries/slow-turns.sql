-- How long do people wait for each agent's language model?
--
-- Topic:      quality
-- Grain:      one row per agent and language model
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      turns
--
-- The wait is the model's time to first byte. Turns without one, such as the person's own, do not count.

with

generated as (

    select
        agent_id,
        llm_model,
        ttfb_secs
    from turns
    where dt between ? and ?
        and ttfb_secs is not null

),

per_model as (

    select
        agent_id,
        llm_model,
        count(*) as turns,
        round(approx_percentile(ttfb_secs, 0.5), 3) as p50_secs,
        round(approx_percentile(ttfb_secs, 0.95), 3) as p95_secs,
        round(approx_percentile(ttfb_secs, 0.99), 3) as p99_secs,
        round(max(ttfb_secs), 3) as slowest_secs
    from generated
    group by agent_id, llm_model

)

select * from per_model
order by p95_secs desc, agent_id, llm_model
