-- Does each criterion's pass rate rise or fall, week by week?
--
-- Topic:      outcome
-- Grain:      one row per agent, criterion and week in which something was decided
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      evaluations
-- Chart:      line pass_rate_percent by week_start, agent_id, criteria_id
--
-- A week begins on Monday; week_start is that Monday's date. The first and the last week may be cut off by
-- the days asked for: days says on how many of its days something was decided. Only success and failure
-- count: an unknown result is not decided, and a week with nothing else has no row. change_points is the
-- pass rate less that of the row before, the last week that has one, in percentage points and before either
-- is rounded; null in the first.

with

decided as (

    select
        dt,
        cast(cast(date_trunc('week', cast(dt as date)) as date) as varchar) as week_start,
        agent_id,
        criteria_id,
        result
    from evaluations
    where dt between ? and ?
        and result in ('success', 'failure')

),

per_week as (

    select
        agent_id,
        criteria_id,
        week_start,
        count(distinct dt) as days,
        count(*) as decided,
        count(*) filter (where result = 'success') as passed
    from decided
    group by agent_id, criteria_id, week_start

),

with_rate as (

    select
        agent_id,
        criteria_id,
        week_start,
        days,
        decided,
        passed,
        100e0 * passed / decided as pass_rate
    from per_week

),

with_change as (

    select
        agent_id,
        criteria_id,
        week_start,
        days,
        decided,
        passed,
        round(pass_rate, 1) as pass_rate_percent,
        round(
            pass_rate - lag(pass_rate) over (
                partition by agent_id, criteria_id
                order by week_start
            ),
            1
        ) as change_points
    from with_rate

)

select * from with_change
order by agent_id, criteria_id, week_start
