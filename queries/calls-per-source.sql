-- How did the calls of each day enter the archive: by webhook, from the API, or put there by a person?
--
-- Topic:      archive
-- Grain:      one row per UTC day and source
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      conversations
-- Chart:      bar calls by day, source
--
-- Attempts that failed before a call began are counted separately. A call that is put again with the same bytes keeps
-- its first source.

with

received as (

    select
        dt,
        source,
        status,
        raw_bytes,
        received_at
    from conversations
    where dt between ? and ?

),

per_source as (

    select
        dt as day,
        source,
        count(*) filter (where status is distinct from 'initiation_failure') as calls,
        count(*) filter (where status = 'initiation_failure') as failed_attempts,
        round(sum(raw_bytes) / 1e6, 3) as raw_megabytes,
        min(received_at) as first_received_at,
        max(received_at) as last_received_at
    from received
    group by dt, source

)

select * from per_source
order by day, source
