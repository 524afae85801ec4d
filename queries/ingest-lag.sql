-- How long after a call is over does the archive have it?
--
-- Topic:      archive
-- Grain:      one row per UTC day and source
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      conversations
-- Chart:      line p95_secs by day, source
--
-- The lag is from the end of the call (its start and its length) until these bytes were received: ElevenLabs'
-- analysis of the call is in it. A call that was fetched or uploaded later has the lag of that, so look at the source.
-- A call whose start or length is unknown has no lag and is not counted; a clock that is ahead makes none below zero.

with

calls as (

    select
        dt,
        source,
        received_at,
        duration_secs,
        date_diff('second', started_at, received_at) as since_start_secs
    from conversations
    where dt between ? and ?
        and started_at is not null
        and received_at is not null
        and duration_secs is not null

),

lags as (

    select
        dt,
        source,
        greatest(since_start_secs - duration_secs, 0e0) as lag_secs
    from calls

),

per_day as (

    select
        dt as day,
        source,
        count(*) as calls,
        round(approx_percentile(lag_secs, 0.5), 1) as p50_secs,
        round(approx_percentile(lag_secs, 0.95), 1) as p95_secs,
        round(max(lag_secs), 1) as longest_secs
    from lags
    group by dt, source

)

select * from per_day
order by day, source
