-- Which calls did each agent handle without a person, and which did it transfer?
--
-- Topic:      outcome
-- Grain:      one row per agent
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      conversations, tool_calls
-- Chart:      bar containment_percent by agent_name
--
-- ElevenLabs' own tools, of type `system`, transfer calls: transfer_to_number to a person, transfer_to_agent to
-- another agent. The customer may give them other names, so the type of the result decides: result_type, or the
-- result_type in the result's text, for rows of versions without that column. The name decides if the result has no
-- type. A tool inside a workflow counts like any other. A customer's own tool is not a transfer, whatever its name or
-- its result. The detection of a voicemail and the end of a call are not transfers. A tool call that was not executed
-- is not counted. A tool call without a result counts as a transfer, because nothing states that it failed.
--
-- A call is contained if it was not transferred to a person. A call that was transferred to another agent is
-- contained, and counts for that agent, with all its later transfers. A call with several transfers is one call.
-- Failed transfers are tool calls whose result is an error: the call stays with the agent.
--
-- Attempts that failed before a call began are not counted. Calls whose transcript is empty or missing are not
-- counted, because their outcome is unknown. A renamed agent has the name of its last day.

with

calls as (

    select
        dt,
        conversation_id,
        nullif(agent_id, '') as agent_id,
        nullif(agent_name, '') as agent_name,
        status,
        turn_count
    from conversations
    where dt between ? and ?
        and status is distinct from 'initiation_failure'
        and turn_count is distinct from 0

),

with_tools as (

    -- A tool call has the day of its call. With dt in the condition, only the requested days are read.
    select
        calls.dt,
        calls.conversation_id,
        calls.agent_id,
        calls.agent_name,
        nullif(tool_calls.tool_name, '') as tool_name,
        tool_calls.is_error,
        coalesce(
            nullif(tool_calls.result_type, ''),
            nullif(regexp_extract(tool_calls.result_json, '"result_type": *"([a-z_]+)"', 1), '')
        ) as result_type
    from calls
    left join tool_calls
        on tool_calls.dt = calls.dt
        and tool_calls.conversation_id = calls.conversation_id
        and tool_calls.called is distinct from false
        and coalesce(nullif(tool_calls.tool_type, ''), 'system') = 'system'

),

with_transfers as (

    select
        dt,
        conversation_id,
        agent_id,
        agent_name,
        regexp_extract(coalesce(result_type, tool_name), '^transfer_to_(number|agent)', 1) as handed_to,
        coalesce(is_error, false) or coalesce(regexp_like(result_type, '_error$'), false) as is_failed
    from with_tools

),

per_call as (

    select
        dt,
        agent_id,
        agent_name,
        count(*) filter (where handed_to = 'number' and not is_failed) as to_number,
        count(*) filter (where handed_to = 'agent' and not is_failed) as to_agent,
        count(*) filter (where handed_to in ('number', 'agent') and is_failed) as failed_transfers
    from with_transfers
    group by dt, conversation_id, agent_id, agent_name

),

per_agent as (

    select
        agent_id,
        substr(max(dt || agent_name), 11) as agent_name,
        count(*) as calls,
        count(*) filter (where to_number > 0) as transferred_to_number,
        count(*) filter (where to_agent > 0) as transferred_to_agent,
        count(*) filter (where to_number = 0) as contained,
        round(100e0 * count(*) filter (where to_number = 0) / count(*), 1) as containment_percent,
        cast(sum(failed_transfers) as bigint) as failed_transfers
    from per_call
    group by agent_id

)

select * from per_agent
order by calls desc, agent_id
