-- Does the pass rate of each criterion rise or fall, week by week?
--
-- Topic:      outcome
-- Grain:      one row per agent, criterion and week with a decision
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      evaluations
-- Chart:      line pass_rate_percent by week_start, agent_id, criteria_id
--
-- A week begins on Monday, and week_start is its date. The first and the last week may be incomplete: days is the
-- number of days with a decision. Only success and failure are decisions. A week without a decision has no row.
-- change_points is the pass rate minus that of the previous row, in percentage points, calculated before rounding. It
-- is null in the first row.

with

decided as (

    select
        dt,
        cast(cast(date_trunc('week', cast(dt as date)) as date) as varchar) as week_start,
        nullif(agent_id, '') as agent_id,
        criteria_id,
        nullif(result, '') as result
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
