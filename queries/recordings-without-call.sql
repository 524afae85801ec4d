-- Which recordings are in the archive without their call?
--
-- Topic:      archive
-- Grain:      one row per recording without its call
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      conversations, recordings
--
-- The expected result is empty, because a recording gets its row when its call is processed. A recording listed here
-- lost its call's row, or the call's JSON was moved: reprocess the call.

with

stored as (

    select
        dt,
        conversation_id,
        nullif(agent_id, '') as agent_id,
        audio_key,
        audio_bytes,
        source,
        stored_at
    from recordings
    where dt between ? and ?

),

with_call as (

    -- A recording has the day of its call. With dt in the condition, only the requested days are read.
    select
        stored.dt as day,
        stored.conversation_id,
        stored.agent_id,
        stored.audio_key,
        stored.audio_bytes,
        stored.source,
        stored.stored_at,
        conversations.conversation_id is not null as has_call
    from stored
    left join conversations
        on conversations.dt = stored.dt
        and conversations.conversation_id = stored.conversation_id

),

alone as (

    select
        day,
        conversation_id,
        agent_id,
        audio_key,
        audio_bytes,
        source,
        stored_at
    from with_call
    where not has_call

)

select * from alone
order by day, conversation_id
