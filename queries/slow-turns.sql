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
-- commas. If ElevenLabs names no model, it is null. Percentiles are interpolated between the two nearest values, as in
-- spreadsheets.

with

generated as (

    select
        dt,
        nullif(agent_id, '') as agent_id,
        nullif(llm_model, '') as llm_model,
        ttfb_secs,
        ttf_sentence_secs
    from turns
    where dt between ? and ?
        and ttfb_secs is not null

),

in_order as (

    -- Places begin at 0. A percentile is the sum of all values, each weighted by how near its place is to the place of
    -- the percentile: 1 at it, 0 from a distance of 1. So it is interpolated between the two nearest values.
    select
        dt,
        agent_id,
        llm_model,
        ttfb_secs,
        ttf_sentence_secs,
        count(ttfb_secs) over (partition by dt, agent_id, llm_model) - 1 as last_place,
        row_number() over (partition by dt, agent_id, llm_model order by ttfb_secs) - 1 as place,
        count(ttf_sentence_secs) over (partition by dt, agent_id, llm_model) - 1 as last_sentence_place,
        row_number() over (partition by dt, agent_id, llm_model order by ttf_sentence_secs) - 1 as sentence_place
    from generated

),

per_day as (

    select
        dt as day,
        agent_id,
        llm_model,
        count(*) as turns,
        round(sum(ttfb_secs * greatest(1 - abs(last_place * 0.5e0 - place), 0e0)), 3) as p50_secs,
        round(sum(ttfb_secs * greatest(1 - abs(last_place * 0.95e0 - place), 0e0)), 3) as p95_secs,
        round(sum(ttfb_secs * greatest(1 - abs(last_place * 0.99e0 - place), 0e0)), 3) as p99_secs,
        round(max(ttfb_secs), 3) as slowest_secs,
        round(sum(ttf_sentence_secs * greatest(1 - abs(last_sentence_place * 0.5e0 - sentence_place), 0e0)), 3)
            as p50_sentence_secs
    from in_order
    group by dt, agent_id, llm_model

)

select * from per_day
order by day, agent_id, llm_model
