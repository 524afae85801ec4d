-- Where did nobody say anything for a while?
--
-- Topic:      quality
-- Grain:      one row per silence
-- Parameters: 1 from          date   30 days ago  first UTC day
--             2 to            date   today        last UTC day
--             3 at_least_secs double 8            how long a silence is listed
-- Reads:      turns
--
-- ElevenLabs tells when each entry began and not how long it took, so a silence is estimated: from the time when all
-- that was begun before must have been said until the next words begin, or if none follow until the last entry of the
-- call. The agent is reckoned to say 15 letters a second and the person 10. In a delivery of 2025 agents that were
-- answered at once took a second for 13 to 16 letters, and people who spoke at length for 10 to 17: so a silence is
-- rather longer than told here than one is listed that was none. Entries of one voice that state the same second go on
-- with one another. Scripts that need fewer letters, such as Chinese, seem more silent than they are.
--
-- An entry of dots, or an empty one, has no words. That of a person is how ElevenLabs notes that nothing was said, so
-- the silence around it is_noted: it is listed however short, and begins with the first such entry at the latest. What
-- comes before the first words is not listed, nor is a conversation with typed entries, whose pauses nobody hears. A
-- silence in which tools ran names them; those of the entry before are among them.

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

    -- A stretch is an entry with words and those without any that follow it. Of an entry that carries only a tool,
    -- has_words is null.
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

    -- What comes before the first words, and words without a time, have no end.
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
