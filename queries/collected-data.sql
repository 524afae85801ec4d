-- What was collected from calls: how often is each value found, and what are the values?
--
-- Topic:      outcome
-- Grain:      one row per agent, name and value, of the 20 most frequent values of each name
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      data_points
--
-- calls_asked is in how many calls the value was to be collected, found_percent in how many of them it was:
-- null and empty are not found. value_percent is the value's share of what was found. A name that was never
-- found has one row, with a null value and 0 times. Values are told apart letter by letter, capitals and all;
-- of those that occur as often the first by name come first. other_values is how many different values are
-- left out after the 20. Where the type asked for was changed, value_type is the last of them by name.

with

points as (

    select
        agent_id,
        name,
        nullif(value, '') as value,
        value_type
    from data_points
    where dt between ? and ?

),

per_value as (

    select
        agent_id,
        name,
        value,
        max(value_type) as value_type,
        count(*) as points,
        count(value) as times
    from points
    group by agent_id, name, value

),

per_name as (

    select
        agent_id,
        name,
        max(value_type) over (partition by agent_id, name) as value_type,
        sum(points) over (partition by agent_id, name) as calls_asked,
        sum(times) over (partition by agent_id, name) as calls_found,
        value,
        times,
        row_number() over (partition by agent_id, name order by times desc, value) as place,
        count(value) over (partition by agent_id, name) as different_values
    from per_value

),

most_frequent as (

    select
        agent_id,
        name,
        value_type,
        cast(calls_asked as bigint) as calls_asked,
        round(100e0 * calls_found / calls_asked, 1) as found_percent,
        value,
        times,
        round(100e0 * times / nullif(calls_found, 0), 1) as value_percent,
        greatest(different_values - 20, 0) as other_values
    from per_name
    where (value is not null and place <= 20)
        or calls_found = 0

)

select * from most_frequent
order by agent_id, name, times desc, value
