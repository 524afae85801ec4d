-- Which calls lack a phrase that must be said?
--
-- Topic:      content
-- Grain:      one row per call in which it was not said
-- Parameters: 1 from    date           30 days ago  first UTC day
--             2 to      date           today        last UTC day
--             3 phrase  string         required     what must be said, in capitals or not
--             4 speaker agent|user|any agent        who must say it
-- Reads:      conversations, turns
--
-- The phrase has to be in one entry of the transcript, letter by letter. Capitals make no difference, nor does the
-- kind of white space between two words, nor the kind of apostrophe. What the agent meant to say when it was
-- interrupted was not said. A call in which the speaker said nothing at all lacks the phrase. A call without a
-- transcript cannot be judged and is not listed, nor is an attempt that failed before there was a call. The first
-- message of the agent is the first with a letter or a digit in it.

with

calls as (

    select
        dt,
        conversation_id,
        agent_id,
        agent_name,
        caller,
        started_at,
        duration_secs,
        title,
        status,
        raw_key
    from conversations
    where dt between ? and ?

),

entries as (

    -- The status is asked for here: DuckDB hands the days on to turns only from calls that have no other condition.
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
        translate(lower(regexp_replace(turns.message, '[\s\p{Z}]+', ' ')), '’', chr(39)) as compared
    from calls
    inner join turns
        on turns.dt = calls.dt
        and turns.conversation_id = calls.conversation_id
    where calls.status is distinct from 'initiation_failure'

),

said as (

    -- What any of them said, the agent and the user, each in one text: an entry is a line of it, so none runs on.
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
                and regexp_like(message, '[\p{L}\p{N}]')
        ) as first_agent_message,
        title,
        raw_key,
        speaker,
        array_join(array_agg(compared) filter (where speaker in ('any', role)), chr(10)) as compared
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
            trim(translate(lower(regexp_replace(cast(? as varchar), '[\s\p{Z}]+', ' ')), '’', chr(39)))
        ) = 0
        and speaker = cast(? as varchar)

)

select * from missing
order by day, started_at, conversation_id
