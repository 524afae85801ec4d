-- What are the numbers of a range of days, and of the range before it?
--
-- Topic:      volume
-- Grain:      one row per period: current, and previous
-- Parameters: 1  previous_from date   60 days ago  first UTC day of the previous range
--             2  to            date   today        last UTC day of the current range
--             3  agent         string required     agent id, or * for all
--             4  from          date   30 days ago  first UTC day of the current range
-- Reads:      conversations
--
-- A period without calls has a row, too. Failed attempts are counted separately and are in no other number.

with

in_ranges as (

    select
        dt,
        caller,
        direction,
        status is not distinct from 'initiation_failure' as is_attempt,
        call_successful,
        duration_secs,
        cost_credits,
        cost_usd,
        llm_price_usd,
        rating,
        user_turn_count,
        tool_call_count,
        tool_error_count,
        interrupted_count
    from conversations
    where dt between ? and ?
        and cast(? as varchar) in ('*', agent_id)

),

in_periods as (

    select
        cast(periods.name as varchar) as period,
        in_ranges.*
    from in_ranges
    cross join unnest(array['current', 'previous']) as periods (name)
    where (periods.name = 'current') = (in_ranges.dt >= cast(? as varchar))

),

per_period as (

    select
        period,
        count(*) filter (where not is_attempt) as calls,
        count(*) filter (where is_attempt) as failed_attempts,
        count(*) filter (where not is_attempt and direction = 'inbound') as inbound,
        count(*) filter (where not is_attempt and direction = 'outbound') as outbound,
        count(distinct case when not is_attempt and caller <> 'anonymous' then caller end) as callers,
        count(*) filter (where not is_attempt and call_successful = 'success') as success,
        count(*) filter (where not is_attempt and call_successful = 'failure') as failure,
        count(*) filter (where not is_attempt and call_successful = 'unknown') as unknown,
        sum(case when not is_attempt then duration_secs end) as duration_secs,
        avg(case when not is_attempt then duration_secs end) as average_duration_secs,
        sum(cost_credits) as cost_credits,
        sum(cost_usd) as cost_usd,
        sum(llm_price_usd) as llm_price_usd,
        avg(rating) as average_rating,
        count(rating) as ratings,
        cast(sum(tool_call_count) as bigint) as tool_calls,
        cast(sum(tool_error_count) as bigint) as tool_errors,
        cast(sum(interrupted_count) as bigint) as interruptions
    from in_periods
    group by period

),

both_periods as (

    select
        cast(periods.name as varchar) as period,
        coalesce(per_period.calls, 0) as calls,
        coalesce(per_period.failed_attempts, 0) as failed_attempts,
        coalesce(per_period.inbound, 0) as inbound,
        coalesce(per_period.outbound, 0) as outbound,
        coalesce(per_period.callers, 0) as callers,
        coalesce(per_period.success, 0) as success,
        coalesce(per_period.failure, 0) as failure,
        coalesce(per_period.unknown, 0) as unknown,
        coalesce(per_period.duration_secs, 0) as duration_secs,
        per_period.average_duration_secs,
        coalesce(per_period.cost_credits, 0) as cost_credits,
        coalesce(per_period.cost_usd, 0) as cost_usd,
        coalesce(per_period.llm_price_usd, 0) as llm_price_usd,
        per_period.average_rating,
        coalesce(per_period.ratings, 0) as ratings,
        coalesce(per_period.tool_calls, 0) as tool_calls,
        coalesce(per_period.tool_errors, 0) as tool_errors,
        coalesce(per_period.interruptions, 0) as interruptions
    from unnest(array['current', 'previous']) as periods (name)
    left join per_period
        on per_period.period = periods.name

)

select * from both_periods
order by period
