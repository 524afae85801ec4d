-- How often is each tool called, how often does it fail, and how long does it take?
--
-- Topic:      quality
-- Grain:      one row per agent, tool and its type
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      tool_calls
-- Chart:      bar failure_percent by agent_id, tool_name
--
-- Every tool is listed, whether it failed or not. `tool-failures` has the errors. A workflow is a tool of type
-- `workflow`. The tools inside it are counted for themselves, with their own errors and latencies: an error of such a
-- tool is not one of the workflow. A tool call that was not executed is not counted. A tool call without a result is
-- counted, but not as a failure. The latencies are over the tool calls that state one, failures included. Percentiles
-- are interpolated between the two nearest values, as in spreadsheets.

with

carried_out as (

    select
        conversation_id,
        nullif(agent_id, '') as agent_id,
        nullif(tool_name, '') as tool_name,
        nullif(tool_type, '') as tool_type,
        is_error,
        latency_secs
    from tool_calls
    where dt between ? and ?
        and called is distinct from false

),

in_order as (

    -- Places begin at 0. A percentile is the sum of all values, each weighted by how near its place is to the place of
    -- the percentile: 1 at it, 0 from a distance of 1. So it is interpolated between the two nearest values.
    select
        conversation_id,
        agent_id,
        tool_name,
        tool_type,
        is_error,
        latency_secs,
        count(latency_secs) over (partition by agent_id, tool_name, tool_type) - 1 as last_place,
        row_number() over (partition by agent_id, tool_name, tool_type order by latency_secs) - 1 as place
    from carried_out

),

per_tool as (

    select
        agent_id,
        tool_name,
        tool_type,
        count(*) as tool_calls,
        count(distinct conversation_id) as conversations,
        count(*) filter (where is_error) as failures,
        round(100e0 * count(*) filter (where is_error) / count(*), 1) as failure_percent,
        count(*) filter (where is_error is null) as without_result,
        round(sum(latency_secs * greatest(1 - abs(last_place * 0.5e0 - place), 0e0)), 3) as p50_latency_secs,
        round(sum(latency_secs * greatest(1 - abs(last_place * 0.95e0 - place), 0e0)), 3) as p95_latency_secs,
        round(max(latency_secs), 3) as longest_latency_secs
    from in_order
    group by agent_id, tool_name, tool_type

)

select * from per_tool
order by tool_calls desc, agent_id, tool_name, tool_type
