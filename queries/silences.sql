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
-- Scripts with fewer letters, such as Chinese, seem to have more silence than they have. A negative time is read as the
-- start of the call. If times decrease, a silence never begins before the latest words so far.
--
-- Words are a letter, a digit or a symbol in an entry of kind said. Contextual updates, ignored back-channels and
-- tools neither begin nor end a silence. ElevenLabs writes an entry of dots, an empty one, or one with a time-out for
-- a person who said nothing. A silence with one has is_noted true: it is listed however short it is, and begins with
-- the first entry of dots, empty or time-out, of either speaker, at the latest. The time before the first words is not
-- listed, nor are conversations with typed entries; a contextual update is not a typed entry. tool_names are the tools
-- that ran during the silence or in the entry before it.

with

entries as (

    select
        dt,
        conversation_id,
        nullif(agent_id, '') as agent_id,
        nullif(caller, '') as caller,
        turn_index,
        nullif(role, '') as role,
        message,
        case when time_in_call_secs < 0 then 0e0 else time_in_call_secs end as time_in_call_secs,
        source_medium = 'text' and kind is distinct from 'contextual_update' as is_typed,
        nullif(tool_names, '') as tool_names,
        coalesce(kind, 'said') = 'said'
            and regexp_like(message, '[^\p{P}\p{Z}\p{Cc}\p{Cf}\p{M}]') as is_said,
        coalesce(kind = 'timeout', false) as is_timeout,
        coalesce(
            kind in ('silence', 'timeout'),
            not regexp_like(message, '[^\p{P}\p{Z}\p{Cc}\p{Cf}\p{M}]')
        ) as is_silent
    from turns
    where dt between ? and ?

),

in_order as (

    -- A stretch is an entry with words and the following entries without words. is_silent is null for an entry of an
    -- earlier version that only carries a tool. Both windows have one order, so that the entries are sorted once.
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
        is_said,
        is_silent,
        is_timeout or (is_silent and role = 'user') as is_noted,
        sum(case when is_said then 1 else 0 end) over (
            partition by dt, conversation_id
            order by turn_index
            rows unbounded preceding
        ) as stretch,
        bool_or(is_typed) over (
            partition by dt, conversation_id
            order by turn_index
            rows between unbounded preceding and unbounded following
        ) as is_typed
    from entries

),

stretches as (

    select
        dt as day,
        conversation_id,
        stretch,
        max(agent_id) filter (where is_said) as agent_id,
        max(caller) as caller,
        max(turn_index) filter (where is_said) as turn_index,
        max(role) filter (where is_said) as role,
        max(message) filter (where is_said) as message,
        max(time_in_call_secs) filter (where is_said) as begun_secs,
        bool_or(is_noted) as is_noted,
        min(time_in_call_secs) filter (where is_silent) as silent_secs,
        max(time_in_call_secs) as last_secs,
        array_join(array_agg(tool_names order by turn_index) filter (where tool_names is not null), ',') as tool_names
    from in_order
    where is_typed is distinct from true
    group by dt, conversation_id, stretch

),

texts as (

    -- The words of one speaker in the same second, up to each entry with words.
    select
        day,
        conversation_id,
        agent_id,
        caller,
        stretch,
        turn_index,
        role,
        message,
        begun_secs,
        min(begun_secs) over (
            partition by day, conversation_id, role, floor(begun_secs)
            order by stretch
            rows unbounded preceding
        ) as text_secs,
        sum(length(message)) over (
            partition by day, conversation_id, role, floor(begun_secs)
            order by stretch
            rows unbounded preceding
        ) as letters,
        case when role = 'agent' then 15e0 else 10e0 end as letters_per_sec,
        is_noted,
        silent_secs,
        last_secs,
        tool_names
    from stretches

),

spoken as (

    select
        day,
        conversation_id,
        agent_id,
        caller,
        stretch,
        turn_index,
        role,
        message,
        begun_secs,
        greatest(text_secs + letters / letters_per_sec, begun_secs + length(message) / letters_per_sec) as said_secs,
        is_noted,
        silent_secs,
        last_secs,
        tool_names
    from texts

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
        max(begun_secs) over (
            partition by day, conversation_id
            order by stretch
            rows unbounded preceding
        ) as all_begun_secs,
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
    from spoken

),

bounded as (

    -- The time before the first words, and words without a time, have no said_secs.
    select
        day,
        conversation_id,
        agent_id,
        caller,
        turn_index,
        case
            when not is_noted or silent_secs is null or silent_secs >= all_said_secs then all_said_secs
            when silent_secs < all_begun_secs then all_begun_secs
            else silent_secs
        end as from_secs,
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
