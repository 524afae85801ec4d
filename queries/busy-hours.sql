-- At which hours of which weekdays do people call, in a given time zone?
--
-- Topic:      volume
-- Grain:      one row per weekday and hour of the clock that had a call
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
--             3 zone zone UTC          time zone of the hours
-- Reads:      conversations
-- Chart:      bar calls by weekday_name, hour
--
-- Weekdays are numbered from 1 (Monday) to 7 (Sunday). Weekday and hour are the local time at the start of the call.
-- When the clock is put back, the hour that occurs twice counts as one hour. from and to are UTC days, so in another
-- zone the first and the last local day are incomplete.
--
-- calls_per_day is the number of calls in the hour, divided by the number of days with that weekday (in the zone) that
-- had any call. Attempts that failed before a call began are not counted. A call is not counted either if its start is
-- unknown, or is not on the call's day: the processor did not trust such a start. A call of unknown length is left out
-- of the average.

with

calls as (

    select
        started_at,
        duration_secs
    from conversations
    where dt between ? and ?
        and status is distinct from 'initiation_failure'
        and cast(started_at as date) = cast(dt as date)

),

clocks as (

    -- Every possible offset of a clock from UTC, in minutes.
    select minutes_ahead
    from unnest(sequence(-720, 840)) as numbers (minutes_ahead)

),

on_the_clock as (

    -- Joined by the offset, because Athena accepts a parameter in a where clause only.
    select
        date_add('minute', clocks.minutes_ahead, calls.started_at) as clock_at,
        calls.duration_secs
    from calls
    cross join clocks
    where clocks.minutes_ahead = date_diff(
        'minute',
        calls.started_at,
        cast(at_timezone(with_timezone(calls.started_at, 'UTC'), cast(? as varchar)) as timestamp)
    )

),

placed as (

    select
        cast(clock_at as date) as clock_day,
        hour(clock_at) as hour,
        duration_secs
    from on_the_clock

),

per_day as (

    select
        clock_day,
        hour,
        row_number() over (partition by clock_day order by hour) = 1 as is_first_of_day,
        count(*) as calls,
        count(duration_secs) as measured_calls,
        sum(duration_secs) as total_secs
    from placed
    group by clock_day, hour

),

per_weekday as (

    select
        day_of_week(clock_day) as weekday,
        hour,
        count(*) filter (where is_first_of_day) as days_begun,
        cast(sum(calls) as bigint) as calls,
        sum(total_secs) / nullif(sum(measured_calls), 0) as average_secs
    from per_day
    group by day_of_week(clock_day), hour

),

with_days as (

    select
        weekday,
        hour,
        calls,
        cast(sum(days_begun) over (partition by weekday) as bigint) as days,
        average_secs
    from per_weekday

),

named as (

    select
        weekday,
        cast(
            array['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'][weekday]
            as varchar
        ) as weekday_name,
        hour,
        calls,
        days,
        round(1e0 * calls / days, 2) as calls_per_day,
        round(average_secs, 1) as average_secs
    from with_days

)

select * from named
order by weekday, hour
