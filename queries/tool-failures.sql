-- Which tools fail, how often, with which error, and in which call?
--
-- Topic:      quality
-- Grain:      one row per agent, tool and kind of error
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      tool_calls
-- Chart:      bar failures by agent_id, tool_name, error_type
--
-- Only failures are listed; `tool-calls` has every tool, with its latencies. A failure is a tool call whose result is
-- an error. An error of a tool inside a workflow counts for that tool, and not for the workflow. A tool call that was
-- not executed is not counted. The percentage is relative to all the agent's calls of the tool, including those without
-- a result, which are not failures. The average latency is over the failures. The example is the greatest id of the
-- last day.

with

carried_out as (

    select
        dt,
        nullif(agent_id, '') as agent_id,
        nullif(tool_name, '') as tool_name,
        nullif(error_type, '') as error_type,
        is_error,
        latency_secs,
        conversation_id
    from tool_calls
    where dt between ? and ?
        and called is distinct from false

),

with_total as (

    select
        dt,
        agent_id,
        tool_name,
        error_type,
        is_error,
        latency_secs,
        conversation_id,
        count(*) over (partition by agent_id, tool_name) as tool_calls
    from carried_out

),

failures as (

    select
        agent_id,
        tool_name,
        error_type,
        count(*) as failures,
        max(tool_calls) as tool_calls,
        round(100e0 * count(*) / max(tool_calls), 1) as failure_percent,
        round(avg(latency_secs), 2) as average_latency_secs,
        array_agg(conversation_id order by dt desc, conversation_id desc)[1] as example_conversation_id
    from with_total
    where is_error
    group by agent_id, tool_name, error_type

)

select * from failures
order by failures desc, agent_id, tool_name, error_type
