-- Which calls lack a required phrase?
--
-- Topic:      content
-- Grain:      one row per call without the phrase
-- Parameters: 1 from    date           30 days ago  first UTC day
--             2 to      date           today        last UTC day
--             3 phrase  string         required     the required text; capitals do not matter
--             4 speaker agent|user|any agent        the side that must say it
-- Reads:      conversations, turns
--
-- The phrase has to be in one entry of the transcript, character by character. Capitals, the kind of white space
-- between two words and the kind of apostrophe do not matter. Capitals of every language are compared as small
-- letters, with ς as σ, ß as ss and İ as i. Turkish ı is another letter than i.
--
-- Text that was cut off by an interruption was not said, and neither was a contextual update, an ignored back-channel
-- or a mailbox greeting. A call in which the speaker said nothing lacks the phrase. Calls without a transcript and
-- attempts that failed before a call began are not listed. first_agent_message is the first entry of the agent that was
-- said and has a letter, a digit or a symbol.

with

calls as (

    select
        dt,
        conversation_id,
        nullif(agent_id, '') as agent_id,
        nullif(agent_name, '') as agent_name,
        nullif(caller, '') as caller,
        started_at,
        duration_secs,
        nullif(title, '') as title,
        status,
        raw_key
    from conversations
    where dt between ? and ?

),

entries as (

    -- The condition on the status is here: DuckDB applies the days to turns only if calls has no other condition.
    select
        calls.dt as day,
        calls.conversation_id,
        calls.agent_id,
        calls.agent_name,
        calls.caller,
        calls.started_at,
        calls.duration_secs,
        calls.title,
        calls.raw_key,
        turns.turn_index,
        turns.role,
        turns.message,
        coalesce(turns.kind, 'said') = 'said'
            and regexp_like(turns.message, '[^\p{P}\p{Z}\p{Cc}\p{Cf}\p{M}]') as is_said,
        -- Most texts have none of these letters, and are compared faster.
        case
            when strpos(turns.message, '’') > 0
                or strpos(turns.message, 'ß') > 0
                or strpos(turns.message, 'ẞ') > 0
                or strpos(turns.message, 'ς') > 0
                or strpos(turns.message, 'İ') > 0
                or strpos(turns.message, chr(775)) > 0
            then replace(
                translate(lower(regexp_replace(turns.message, '[\s\p{Z}]+', ' ')), 'ς’' || chr(775), 'σ' || chr(39)),
                'ß',
                'ss'
            )
            else lower(regexp_replace(turns.message, '[\s\p{Z}]+', ' '))
        end as compared
    from calls
    inner join turns
        on turns.dt = calls.dt
        and turns.conversation_id = calls.conversation_id
    where calls.status is distinct from 'initiation_failure'

),

said as (

    -- Three texts: all entries, the agent's and the user's. Each entry is a line, so no phrase spans two entries.
    select
        day,
        conversation_id,
        agent_id,
        agent_name,
        caller,
        started_at,
        duration_secs,
        min_by(message, turn_index) filter (
            where role = 'agent'
                and is_said
        ) as first_agent_message,
        title,
        raw_key,
        speaker,
        array_join(array_agg(compared) filter (where is_said and speaker in ('any', role)), chr(10)) as compared
    from entries
    cross join (values ('any'), ('agent'), ('user')) as speakers (speaker)
    group by day, conversation_id, agent_id, agent_name, caller, started_at, duration_secs, title, raw_key, speaker

),

missing as (

    select
        day,
        conversation_id,
        agent_id,
        agent_name,
        caller,
        started_at,
        duration_secs,
        first_agent_message,
        title,
        raw_key
    from said
    where strpos(
            coalesce(compared, ''),
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
        ) = 0
        and speaker = cast(? as varchar)

)

select * from missing
order by day, started_at, conversation_id
