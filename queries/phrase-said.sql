-- Which calls hold a phrase that must not be said?
--
-- Topic:      content
-- Grain:      one row per call in which it was said
-- Parameters: 1 from    date           30 days ago  first UTC day
--             2 to      date           today        last UTC day
--             3 phrase  string         required     what must not be said, in capitals or not
--             4 speaker agent|user|any agent        who must not say it
-- Reads:      turns, recordings
--
-- The phrase has to be in one entry of the transcript, letter by letter: a part of a word counts. Capitals make no
-- difference, nor does the kind of white space between two words, nor the kind of apostrophe. What the agent meant
-- to say when it was interrupted was not said. An entry that holds the phrase several times counts once. The message
-- is the first that holds it, and in the recording it begins at about that second. The agent is the one that spoke or
-- listened then. Where the archive has no recording, its key is null.

with

entries as (

    select
        dt,
        conversation_id,
        agent_id,
        caller,
        turn_index,
        time_in_call_secs,
        role,
        message
    from turns
    where dt between ? and ?
        and strpos(
            translate(lower(regexp_replace(message, '[\s\p{Z}]+', ' ')), '’', chr(39)),
            trim(translate(lower(regexp_replace(cast(? as varchar), '[\s\p{Z}]+', ' ')), '’', chr(39)))
        ) > 0
        and cast(? as varchar) in ('any', role)

),

with_recording as (

    -- A recording's day is its call's: with it in the condition, only the days asked for are read.
    select
        entries.dt as day,
        entries.conversation_id,
        entries.agent_id,
        entries.caller,
        entries.turn_index,
        entries.time_in_call_secs,
        entries.role,
        entries.message,
        recordings.audio_key
    from entries
    left join recordings
        on recordings.dt = entries.dt
        and recordings.conversation_id = entries.conversation_id

),

per_call as (

    select
        day,
        conversation_id,
        array_agg(agent_id order by turn_index)[1] as agent_id,
        array_agg(caller order by turn_index)[1] as caller,
        count(*) as entries_with_it,
        array_agg(turn_index order by turn_index)[1] as turn_index,
        array_agg(time_in_call_secs order by turn_index)[1] as time_in_call_secs,
        array_agg(role order by turn_index)[1] as speaker,
        array_agg(message order by turn_index)[1] as message,
        audio_key
    from with_recording
    group by day, conversation_id, audio_key

)

select * from per_call
order by day, conversation_id
