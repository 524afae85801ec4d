-- Which calls should have a recording in the archive, and have none?
--
-- Grain:      one row per call without its recording
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      conversations, recordings
--
-- A call should have one if ElevenLabs says so (has_audio). Where ElevenLabs does not say, every call
-- should, unless it was a text chat, an SMS or no second long.

with

recorded as (

    select
        dt,
        conversation_id,
        caller,
        agent_id,
        channel,
        started_at,
        duration_secs,
        has_audio,
        raw_key
    from conversations
    where dt between ? and ?
        and status is distinct from 'initiation_failure'
        and (
            has_audio
            or (
                has_audio is null
                and text_only is distinct from true
                and channel is distinct from 'sms'
                and duration_secs is distinct from 0e0
            )
        )

),

missing as (

    -- The recording's day is the call's: with it in the condition, only the days asked for are read.
    select
        recorded.dt as day,
        recorded.conversation_id,
        recorded.caller,
        recorded.agent_id,
        recorded.channel,
        recorded.started_at,
        recorded.duration_secs,
        recorded.has_audio,
        recorded.raw_key
    from recorded
    left join recordings
        on recordings.dt = recorded.dt
        and recordings.conversation_id = recorded.conversation_id
    where recordings.conversation_id is null

)

select * from missing
order by day, started_at, conversation_id
