-- Which calls contain a forbidden phrase?
--
-- Topic:      content
-- Grain:      one row per call with the phrase
-- Parameters: 1 from    date           30 days ago  first UTC day
--             2 to      date           today        last UTC day
--             3 phrase  string         required     the forbidden text; capitals do not matter
--             4 speaker agent|user|any agent        the side that must not say it
-- Reads:      turns, recordings
--
-- The phrase has to be in one entry of the transcript, character by character; a part of a word counts. Capitals, the
-- kind of white space between two words and the kind of apostrophe do not matter. Capitals of every language are
-- compared as small letters, with ς as σ, ß as ss and İ as i. Turkish ı is another letter than i.
--
-- Text that was cut off by an interruption was not said, and neither was a contextual update, an ignored back-channel
-- or a mailbox greeting. A phrase needs a letter, a digit or a symbol in its entry. An entry with several occurrences
-- counts once. The row shows the first entry with the phrase, and its approximate second in the recording. The agent is
-- the one of that entry. If the archive has no recording, audio_key is null.

with

entries as (

    -- kind is here because DuckDB applies the days to recordings only if the conditions are on selected columns.
    select
        dt,
        conversation_id,
        nullif(agent_id, '') as agent_id,
        nullif(caller, '') as caller,
        turn_index,
        time_in_call_secs,
        role,
        kind,
        message
    from turns
    where dt between ? and ?
        and coalesce(kind, 'said') = 'said'
        and regexp_like(message, '[^\p{P}\p{Z}\p{Cc}\p{Cf}\p{M}]')
        and strpos(
            replace(
                translate(lower(regexp_replace(message, '[\s\p{Z}]+', ' ')), 'ς’' || chr(775), 'σ' || chr(39)),
                'ß',
                'ss'
            ),
            trim(
                replace(
                    translate(
                        lower(regexp_replace(cast(? as varchar), '[\s\p{Z}]+', ' ')),
                        'ς’' || chr(775),
                        'σ' || chr(39)
                    ),
                    'ß',
                    'ss'
                )
            )
        ) > 0
        and cast(? as varchar) in ('any', role)

),

with_recording as (

    -- A recording has the day of its call. With dt in the condition, only the requested days are read.
    select
        entries.dt as day,
        entries.conversation_id,
        entries.agent_id,
        entries.caller,
        entries.turn_index,
        entries.time_in_call_secs,
        nullif(entries.role, '') as role,
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
