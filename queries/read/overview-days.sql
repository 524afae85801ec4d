-- What are the numbers of each day of a range and of the range before it, and the percentiles of each whole range?
--
-- Topic:      volume
-- Grain:      one row per day with a call or attempt, and one with day null per range with one
-- Parameters: 1  first_day     date   60 days ago  first UTC day of the previous range
--             2  last_day      date   today        last UTC day of the current range
--             3  agent         string required     agent id, or * for all
--             4  wait_from     date   60 days ago  first_day again
--             5  wait_to       date   today        last_day again
--             6  wait_agent    string required     agent again
--             7  from          date   30 days ago  first UTC day of the current range
-- Reads:      conversations, turns
--
-- A wait is the time to the first byte of the language model. Failed attempts are counted separately and are in no other
-- number. Percentiles are of values in whole milliseconds, interpolated between the two nearest.

with

calls as (

    select
        dt,
        status is not distinct from 'initiation_failure' as is_attempt,
        call_successful,
        duration_secs,
        cost_usd
    from conversations
    where dt between ? and ?
        and cast(? as varchar) in ('*', agent_id)

),

measured as (

    select
        dt,
        cast('duration' as varchar) as measure,
        duration_secs as secs
    from calls
    where not is_attempt
        and duration_secs is not null
    union all
    select
        dt,
        cast('wait' as varchar) as measure,
        ttfb_secs as secs
    from turns
    where dt between ? and ?
        and cast(? as varchar) in ('*', agent_id)
        and ttfb_secs is not null

),

first_days as (

    -- The first day of the current range that has a call; null if it has none, and then every day is of the previous one.
    select cast(dates.first_day as varchar) as first_day
    from (select min(dt) as first_day from calls where dt >= cast(? as varchar)) as dates

),

daily as (

    -- Lengths and waits have few different values of a whole millisecond, so the sort below is over thousands of rows
    -- and not over every turn.
    select
        dt,
        measure,
        round(secs, 3) as secs,
        count(*) as times
    from measured
    group by dt, measure, round(secs, 3)

),

in_groups as (

    -- Each value counts for its day and for its range, whose day is ''.
    select
        cast(case when daily.dt >= first_days.first_day then 'current' else 'previous' end as varchar) as period,
        case when levels.name = 'day' then daily.dt else '' end as day,
        daily.measure,
        daily.secs,
        sum(daily.times) as times
    from daily
    cross join first_days
    cross join unnest(array['day', 'range']) as levels (name)
    group by 1, 2, 3, 4

),

in_order as (

    -- Places begin at 0. A value that occurs several times has several places: from first_place to before end_place.
    select
        period,
        day,
        measure,
        secs,
        times,
        sum(times) over (partition by period, day, measure) - 1 as last_place,
        sum(times) over (partition by period, day, measure order by secs) - times as first_place,
        sum(times) over (partition by period, day, measure order by secs) as end_place
    from in_groups

),

weighted as (

    -- A percentile is interpolated between the values at the two nearest places. place is the one of the percentile.
    select
        period,
        day,
        measure,
        share,
        times,
        secs * (
            case
                when floor(place) >= first_place and floor(place) < end_place then 1 - (place - floor(place))
                else 0e0
            end
            + case
                when floor(place) + 1 >= first_place and floor(place) + 1 < end_place then place - floor(place)
                else 0e0
            end
        ) as part
    from (
        select
            in_order.*,
            shares.share,
            in_order.last_place * shares.share as place
        from in_order
        cross join unnest(array[0.5e0, 0.95e0]) as shares (share)
    ) as at_places

),

percentiles as (

    select
        period,
        day,
        measure,
        cast(sum(times) filter (where share = 0.5e0) as bigint) as measured_count,
        round(sum(part) filter (where share = 0.5e0), 3) as p50,
        round(sum(part) filter (where share = 0.95e0), 3) as p95
    from weighted
    group by period, day, measure

),

counts as (

    select
        cast(case when calls.dt >= first_days.first_day then 'current' else 'previous' end as varchar) as period,
        case when levels.name = 'day' then calls.dt else '' end as day,
        count(*) filter (where not calls.is_attempt) as calls,
        count(*) filter (where calls.is_attempt) as failed_attempts,
        count(*) filter (where not calls.is_attempt and calls.call_successful = 'success') as success,
        count(*) filter (where not calls.is_attempt and calls.call_successful = 'failure') as failure,
        sum(calls.cost_usd) as cost_usd,
        count(calls.cost_usd) as priced_calls
    from calls
    cross join first_days
    cross join unnest(array['day', 'range']) as levels (name)
    group by 1, 2

),

days as (

    select
        counts.period,
        nullif(counts.day, '') as day,
        counts.calls,
        counts.failed_attempts,
        counts.success,
        counts.failure,
        counts.cost_usd,
        counts.priced_calls,
        durations.p50 as p50_duration_secs,
        waits.p50 as p50_wait_secs,
        waits.p95 as p95_wait_secs,
        coalesce(waits.measured_count, 0) as waits
    from counts
    left join percentiles as durations
        on durations.period = counts.period
        and durations.day = counts.day
        and durations.measure = 'duration'
    left join percentiles as waits
        on waits.period = counts.period
        and waits.day = counts.day
        and waits.measure = 'wait'

)

select * from days
order by period, day
