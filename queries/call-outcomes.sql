-- How did the calls of each agent end, for what reason, and how did the analysis judge them?
--
-- Topic:      outcome
-- Grain:      one row per agent, status, verdict of the analysis and reason
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      conversations, tool_calls
-- Chart:      bar calls by agent_id, status, call_successful, reason
--
-- Attempts that failed before a call began are included. For them, reason is the reason of the failure. For a call, it
-- is `transfer_to_number` if the agent transferred the call to a person, or else `voicemail` if a machine answered, or
-- else the reason for its end in ElevenLabs' words. After a transfer or a voicemail, those words only state which side
-- disconnected. They stay in conversations.termination_reason.
--
-- `containment` defines a transfer. A transfer to another agent does not end a call. A machine answered if is_machine
-- states it, or if ElevenLabs' tool for voicemails reported one; the tool is recognised like a transfer. The share is
-- that of all the agent's calls and attempts.

with

calls as (

    select
        dt,
        conversation_id,
        nullif(agent_id, '') as agent_id,
        nullif(status, '') as status,
        nullif(call_successful, '') as call_successful,
        nullif(failure_reason, '') as failure_reason,
        nullif(termination_reason, '') as termination_reason,
        is_machine,
        duration_secs
    from conversations
    where dt between ? and ?

),

with_tools as (

    -- A tool call has the day of its call. With dt in the condition, only the requested days are read.
    select
        calls.dt,
        calls.conversation_id,
        calls.agent_id,
        calls.status,
        calls.call_successful,
        calls.failure_reason,
        calls.termination_reason,
        calls.is_machine,
        calls.duration_secs,
        coalesce(
            nullif(tool_calls.result_type, ''),
            nullif(regexp_extract(tool_calls.result_json, '"result_type": *"([a-z_]+)"', 1), ''),
            nullif(tool_calls.tool_name, '')
        ) as outcome
    from calls
    left join tool_calls
        on tool_calls.dt = calls.dt
        and tool_calls.conversation_id = calls.conversation_id
        and tool_calls.called is distinct from false
        and tool_calls.is_error is distinct from true
        and coalesce(nullif(tool_calls.tool_type, ''), 'system') = 'system'

),

per_call as (

    select
        agent_id,
        status,
        call_successful,
        failure_reason,
        termination_reason,
        duration_secs,
        bool_or(regexp_like(outcome, '^transfer_to_number') and not regexp_like(outcome, '_error$')) as is_transferred,
        bool_or(
            is_machine
            or (regexp_like(outcome, '^voicemail_detection') and not regexp_like(outcome, '_error$'))
        ) as is_voicemail
    from with_tools
    group by
        dt,
        conversation_id,
        agent_id,
        status,
        call_successful,
        failure_reason,
        termination_reason,
        duration_secs

),

outcomes as (

    select
        agent_id,
        status,
        call_successful,
        case
            when failure_reason is not null then failure_reason
            when is_transferred then 'transfer_to_number'
            when is_voicemail then 'voicemail'
            else termination_reason
        end as reason,
        duration_secs
    from per_call

),

per_outcome as (

    select
        agent_id,
        status,
        call_successful,
        reason,
        count(*) as calls,
        round(avg(duration_secs), 1) as average_secs
    from outcomes
    group by agent_id, status, call_successful, reason

),

with_share as (

    select
        agent_id,
        status,
        call_successful,
        reason,
        calls,
        round(100e0 * calls / sum(calls) over (partition by agent_id), 1) as share_percent,
        average_secs
    from per_outcome

)

select * from with_share
order by agent_id, calls desc, status, call_successful, reason
