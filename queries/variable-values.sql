-- Which values does a dynamic variable have, and how did the calls with each value go?
--
-- Topic:      outcome
-- Grain:      one row per variable and value, for the 20 most frequent values of each variable
-- Parameters: 1 from date   30 days ago  first UTC day
--             2 to   date   today        last UTC day
--             3 name string any          the variable, such as customer_tier; any: every variable
-- Reads:      conversations, variables
-- Chart:      bar calls by name, value
--
-- A null and an empty value count as one, shown as null. Of equally frequent values, the first in alphabetical order
-- comes first. other_values is the number of different values left out after the 20. The share is that of the calls
-- with the variable. The success percentage is over the calls with the verdict success or failure, and null without
-- such a call. A call of unknown length or cost is left out of the average or the sum.

with

named as (

    select
        dt,
        conversation_id,
        name,
        nullif(value, '') as value
    from variables
    where dt between ? and ?
        and cast(? as varchar) in ('any', name)

),

calls as (

    -- A variable has the day of its call. With dt in the condition, only the requested days are read.
    select
        named.dt,
        named.name,
        named.value,
        conversations.call_successful,
        conversations.duration_secs,
        conversations.cost_credits
    from named
    left join conversations
        on conversations.dt = named.dt
        and conversations.conversation_id = named.conversation_id

),

per_value as (

    select
        name,
        value,
        count(*) as calls,
        count(*) filter (where call_successful = 'success') as succeeded,
        count(*) filter (where call_successful = 'failure') as failed,
        avg(duration_secs) as average_secs,
        sum(cost_credits) as cost_credits,
        min(dt) as first_day,
        max(dt) as last_day
    from calls
    group by name, value

),

per_name as (

    select
        name,
        value,
        calls,
        succeeded,
        failed,
        average_secs,
        cost_credits,
        first_day,
        last_day,
        sum(calls) over (partition by name) as calls_of_name,
        count(*) over (partition by name) as different_values,
        row_number() over (partition by name order by calls desc, value) as place
    from per_value

),

most_frequent as (

    select
        name,
        value,
        calls,
        round(100e0 * calls / calls_of_name, 1) as share_percent,
        succeeded,
        failed,
        round(100e0 * succeeded / nullif(succeeded + failed, 0), 1) as success_percent,
        round(average_secs, 1) as average_secs,
        round(cost_credits, 1) as cost_credits,
        first_day,
        last_day,
        greatest(different_values - 20, 0) as other_values
    from per_name
    where place <= 20

)

select * from most_frequent
order by name, calls desc, value
