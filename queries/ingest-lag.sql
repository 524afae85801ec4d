-- How long after its end does a call arrive in the archive?
--
-- Topic:      archive
-- Grain:      one row per UTC day and source
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      conversations
-- Chart:      line p95_secs by day, source
--
-- The lag is the time from the end of the call (its start plus its length) to the receipt of its bytes. It includes
-- ElevenLabs' analysis of the call. For a call that was fetched or uploaded later the lag ends at that time, so
-- compare by source. A call of unknown start or length is not counted. A negative lag, caused by a wrong clock, counts
-- as 0. Percentiles are interpolated between the two nearest values, as in spreadsheets.

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

in_order as (

    -- Places begin at 0. A percentile is the sum of all values, each weighted by how near its place is to the place of
    -- the percentile: 1 at it, 0 from a distance of 1. So it is interpolated between the two nearest values.
    select
        dt,
        source,
        lag_secs,
        count(lag_secs) over (partition by dt, source) - 1 as last_place,
        row_number() over (partition by dt, source order by lag_secs) - 1 as place
    from lags

),

per_day as (

    select
        dt as day,
        source,
        count(*) as calls,
        round(sum(lag_secs * greatest(1 - abs(last_place * 0.5e0 - place), 0e0)), 1) as p50_secs,
        round(sum(lag_secs * greatest(1 - abs(last_place * 0.95e0 - place), 0e0)), 1) as p95_secs,
        round(max(lag_secs), 1) as longest_secs
    from in_order
    group by dt, source

)

select * from per_day
order by day, source
