-- Which values were collected from calls, and how often was each found?
--
-- Topic:      outcome
-- Grain:      one row per agent, name and value, for the 20 most frequent values of each name
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      data_points
--
-- calls_asked is the number of calls in which the value was to be collected, found_percent the share of them with a
-- value. Null and empty values are not found. value_percent is the share of the value among the found ones. A name
-- that was never found has one row, with a null value and 0 times.
--
-- Values are case-sensitive. Of equally frequent values, the first in alphabetical order comes first. other_values is
-- the number of different values left out after the 20. If the type of the value changed, value_type is the last type
-- in alphabetical order.

with

points as (

    select
        nullif(agent_id, '') as agent_id,
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
