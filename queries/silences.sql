-- In which calls were there long silences, and when?
--
-- Topic:      quality
-- Grain:      one row per silence
-- Parameters: 1 from          date   30 days ago  first UTC day
--             2 to            date   today        last UTC day
--             3 at_least_secs double 8            the shortest silence to list, in seconds
-- Reads:      turns
--
-- ElevenLabs states when each entry began but not when it ended, so a silence is an estimate. It begins at the
-- estimated end of all earlier entries. It ends with the next words, or with the last entry of the call if no words
-- follow. The estimate assumes 15 letters a second for the agent and 10 for the person. In a delivery of 2025 agents
-- spoke 13 to 16 letters a second before a prompt reply, and people 10 to 17 in long entries. So a silence may be
-- longer than listed, but the list has few false ones. Entries of one speaker in the same second are read as one text.
-- Scripts with fewer letters, such as Chinese, seem to have more silence than they have.
--
-- An entry of dots, or an empty one, has no words. ElevenLabs writes such an entry for a person who said nothing. A
-- silence with one has is_noted true: it is listed however short it is, and begins with the first such entry at the
-- latest. The time before the first words is not listed, nor are conversations with typed entries. tool_names are the
-- tools that ran during the silence or in the entry before it.

with

entries as (

    select
        dt,
        conversation_id,
        agent_id,
        caller,
        turn_index,
        role,
        message,
        time_in_call_secs,
        source_medium,
        tool_names,
        regexp_like(message, '[^ \t\r\n.…]') as has_words
    from turns
    where dt between ? and ?

),

in_order as (

    -- A stretch is an entry with words and the following entries without words. has_words is null for an entry that
    -- only carries a tool.
    select
        dt,
        conversation_id,
        agent_id,
        caller,
        turn_index,
        role,
        message,
        time_in_call_secs,
        tool_names,
        has_words,
        sum(case when has_words then 1 else 0 end) over (
            partition by dt, conversation_id
            order by turn_index
            rows unbounded preceding
        ) as stretch,
        sum(case when has_words then length(message) end) over (
            partition by dt, conversation_id, role, time_in_call_secs
            order by turn_index
            rows unbounded preceding
        ) as letters,
        bool_or(source_medium = 'text') over (partition by dt, conversation_id) as is_typed
    from entries

),

stretches as (

    select
        dt as day,
        conversation_id,
        stretch,
        max(agent_id) filter (where has_words) as agent_id,
        max(caller) as caller,
        max(turn_index) filter (where has_words) as turn_index,
        max(role) filter (where has_words) as role,
        max(message) filter (where has_words) as message,
        max(time_in_call_secs) filter (where has_words) as begun_secs,
        max(time_in_call_secs + letters / case when role = 'agent' then 15e0 else 10e0 end)
            filter (where has_words) as said_secs,
        bool_or(not has_words and role = 'user') as is_noted,
        min(time_in_call_secs) filter (where not has_words) as silent_secs,
        max(time_in_call_secs) as last_secs,
        array_join(array_agg(tool_names order by turn_index) filter (where tool_names is not null), ',') as tool_names
    from in_order
    where is_typed is distinct from true
    group by dt, conversation_id, stretch

),

followed as (

    select
        day,
        conversation_id,
        agent_id,
        caller,
        stretch,
        turn_index,
        role,
        message,
        said_secs,
        max(said_secs) over (
            partition by day, conversation_id
            order by stretch
            rows unbounded preceding
        ) as all_said_secs,
        is_noted,
        silent_secs,
        coalesce(lead(begun_secs) over (partition by day, conversation_id order by stretch), last_secs) as until_secs,
        lead(role) over (partition by day, conversation_id order by stretch) as next_role,
        tool_names
    from stretches

),

bounded as (

    -- The time before the first words, and words without a time, have no said_secs.
    select
        day,
        conversation_id,
        agent_id,
        caller,
        turn_index,
        case when is_noted and silent_secs < all_said_secs then silent_secs else all_said_secs end as from_secs,
        until_secs,
        is_noted,
        role,
        message,
        next_role,
        tool_names
    from followed
    where said_secs is not null

),

silences as (

    select
        day,
        conversation_id,
        agent_id,
        caller,
        turn_index,
        round(from_secs, 1) as time_in_call_secs,
        round(greatest(until_secs - from_secs, 0e0), 1) as silence_secs,
        is_noted,
        role as after_role,
        message as after_message,
        next_role,
        tool_names
    from bounded

),

listed as (

    select
        day,
        conversation_id,
        agent_id,
        caller,
        turn_index,
        time_in_call_secs,
        silence_secs,
        is_noted,
        after_role,
        after_message,
        next_role,
        tool_names
    from silences
    where is_noted
        or silence_secs >= cast(? as double)

)

select * from listed
order by silence_secs desc, day, conversation_id, turn_index
