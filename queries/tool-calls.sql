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
-- counted, but not as a failure. The latencies are over the tool calls that state one, failures included.

with

carried_out as (

    select
        conversation_id,
        agent_id,
        tool_name,
        tool_type,
        is_error,
        latency_secs
    from tool_calls
    where dt between ? and ?
        and called is distinct from false

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
        round(approx_percentile(latency_secs, 0.5), 3) as p50_latency_secs,
        round(approx_percentile(latency_secs, 0.95), 3) as p95_latency_secs,
        round(max(latency_secs), 3) as longest_latency_secs
    from carried_out
    group by agent_id, tool_name, tool_type

)

select * from per_tool
order by tool_calls desc, agent_id, tool_name, tool_type
