-- How long do callers wait for each agent's language model, day by day?
--
-- Topic:      quality
-- Grain:      one row per UTC day, agent and language model
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      turns
-- Chart:      line p95_secs by day, agent_id, llm_model
--
-- The wait is the model's time to first byte. The voice starts after the first whole sentence; p50_sentence_secs is
-- the median time to it. Speech recognition and speech synthesis add to both. Turns without a wait, such as the
-- person's turns, are not counted. If several models took part in one turn, llm_model has their names separated by
-- commas. If ElevenLabs names no model, it is null.

with

generated as (

    select
        dt,
        agent_id,
        llm_model,
        ttfb_secs,
        ttf_sentence_secs
    from turns
    where dt between ? and ?
        and ttfb_secs is not null

),

per_day as (

    select
        dt as day,
        agent_id,
        llm_model,
        count(*) as turns,
        round(approx_percentile(ttfb_secs, 0.5), 3) as p50_secs,
        round(approx_percentile(ttfb_secs, 0.95), 3) as p95_secs,
        round(approx_percentile(ttfb_secs, 0.99), 3) as p99_secs,
        round(max(ttfb_secs), 3) as slowest_secs,
        round(approx_percentile(ttf_sentence_secs, 0.5), 3) as p50_sentence_secs
    from generated
    group by dt, agent_id, llm_model

)

select * from per_day
order by day, agent_id, llm_model
