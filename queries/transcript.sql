-- What did the agent and the person say in one call?
--
-- Topic:      content
-- Grain:      one row per entry of the transcript that has words or calls a tool
-- Parameters: 1 from         date   30 days ago  first UTC day
--             2 to           date   today        last UTC day
--             3 conversation string required     the conversation's id
-- Reads:      turns, tool_calls
--
-- The time is minutes and seconds since the start of the call. A tool is listed where it was called, with its
-- parameters and its result. Entries that only carry a result and entries without words are left out. Parameters and
-- results are cut to their first 200 characters; tool_calls has the full text. Several tools of one entry are ordered
-- by request id. An interrupted entry shows what was said until then.
--
-- Words are a letter, a digit or a symbol. Text that was not said is listed with its kind: [contextual update],
-- [backchannel] for a sound of the person that the agent ignored, or [mailbox] for the greeting of a machine.

with

entries as (

    select
        dt,
        conversation_id,
        turn_index,
        nullif(role, '') as role,
        case
            when regexp_like(message, '[^\p{P}\p{Z}\p{Cc}\p{Cf}\p{M}]')
                then case
                    when kind <> 'said' then '[' || replace(kind, '_', ' ') || '] '
                    else ''
                end || message
        end as message,
        interrupted,
        cast(floor(time_in_call_secs) as bigint) as seconds
    from turns
    where dt between ? and ?
        and conversation_id = cast(? as varchar)

),

with_tools as (

    select
        entries.turn_index,
        entries.role,
        entries.message,
        entries.interrupted,
        entries.seconds,
        tool_calls.conversation_id is not null as is_tool,
        tool_calls.request_id,
        nullif(tool_calls.tool_name, '') as tool_name,
        tool_calls.called,
        tool_calls.is_error,
        nullif(tool_calls.params_json, '') as params_json,
        nullif(tool_calls.result_json, '') as result_json
    from entries
    left join tool_calls
        on tool_calls.dt = entries.dt
        and tool_calls.conversation_id = entries.conversation_id
        and tool_calls.turn_index = entries.turn_index

),

with_interruptions as (

    select
        turn_index,
        role,
        message,
        interrupted,
        seconds,
        is_tool,
        request_id,
        case when called = false then 'does not call ' else 'calls ' end || coalesce(tool_name, 'a tool') as tool,
        ' with ' || substr(params_json, 1, 200) || case when length(params_json) > 200 then '…' else '' end as params,
        case when is_error then ', which fails' else '' end as failure,
        ': ' || substr(result_json, 1, 200) || case when length(result_json) > 200 then '…' else '' end as result
    from with_tools

),

per_entry as (

    select
        turn_index,
        role,
        message,
        interrupted,
        seconds,
        array_join(
            array_agg(
                '[' || tool || coalesce(params, '') || failure || coalesce(result, '') || ']'
                order by request_id, tool, params, result
            ) filter (where is_tool),
            ' '
        ) as tools
    from with_interruptions
    group by turn_index, role, message, interrupted, seconds

),

readable as (

    select
        turn_index,
        case when seconds < 600 then '0' else '' end
            || cast(seconds / 60 as varchar)
            || ':'
            || lpad(cast(seconds % 60 as varchar), 2, '0') as at,
        role as speaker,
        array_join(
            array[message, tools, case when interrupted then '[interrupted]' end],
            ' '
        ) as said
    from per_entry
    where message is not null
        or tools <> ''

)

select * from readable
order by turn_index
