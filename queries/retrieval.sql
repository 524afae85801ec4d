-- How often does each agent search the knowledge base, and how long does a search take?
--
-- Topic:      quality
-- Grain:      one row per UTC day and agent
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      turns
-- Chart:      line p95_latency_secs by day, agent_id
--
-- An agent turn is an entry of the agent that has words, or that has a retrieval: discarded answers retrieve passages,
-- too. Only entries of kind said have words: a letter, a digit or a symbol. A turn counts in with_retrieval if its
-- entry or the person's entry just before it has a retrieval; other entries are skipped. In deliveries of 2025 the
-- agent's entry has it. Each retrieval counts once in retrievals, average_passages and the latencies, and in
-- empty_retrievals if it found no passage. Percentiles are interpolated between the two nearest values, as in
-- spreadsheets.

with

entries as (

    select
        dt,
        conversation_id,
        nullif(agent_id, '') as agent_id,
        turn_index,
        nullif(role, '') as role,
        rag_chunk_count,
        rag_latency_secs
    from turns
    where dt between ? and ?
        and (
            rag_chunk_count is not null
            or (
                coalesce(kind, 'said') = 'said'
                and regexp_like(message, '[^\p{P}\p{Z}\p{Cc}\p{Cf}\p{M}]')
            )
        )

),

in_order as (

    -- Places begin at 0. A percentile is the sum of all values, each weighted by how near its place is to the place of
    -- the percentile: 1 at it, 0 from a distance of 1. So it is interpolated between the two nearest values.
    select
        dt,
        agent_id,
        role,
        rag_chunk_count,
        rag_latency_secs,
        lag(role = 'user' and rag_chunk_count is not null, 1, false) over (
            partition by dt, conversation_id
            order by turn_index
        ) as is_looked_up_before,
        count(rag_latency_secs) over (partition by dt, agent_id) - 1 as last_place,
        row_number() over (partition by dt, agent_id order by rag_latency_secs) - 1 as place
    from entries

),

per_day as (

    select
        dt as day,
        agent_id,
        count(*) filter (where role = 'agent') as agent_turns,
        count(*) filter (where role = 'agent' and (rag_chunk_count is not null or is_looked_up_before))
            as with_retrieval,
        count(rag_chunk_count) as retrievals,
        count(*) filter (where rag_chunk_count = 0) as empty_retrievals,
        round(avg(rag_chunk_count), 1) as average_passages,
        round(sum(rag_latency_secs * greatest(1 - abs(last_place * 0.5e0 - place), 0e0)), 3) as p50_latency_secs,
        round(sum(rag_latency_secs * greatest(1 - abs(last_place * 0.95e0 - place), 0e0)), 3) as p95_latency_secs
    from in_order
    group by dt, agent_id

),

with_percent as (

    select
        day,
        agent_id,
        agent_turns,
        with_retrieval,
        round(100e0 * with_retrieval / nullif(agent_turns, 0), 1) as retrieval_percent,
        retrievals,
        empty_retrievals,
        average_passages,
        p50_latency_secs,
        p95_latency_secs
    from per_day

)

select * from with_percent
order by day, agent_id
