-- How many calls does the archive have on each day, and how many of their recordings?
--
-- Topic:      archive
-- Grain:      one row per UTC day with calls or failed attempts
-- Parameters: 1  from          date 30 days ago  first UTC day
--             2  to            date today        last UTC day
--             3  recorded_from date 30 days ago  the first day again
--             4  recorded_to   date today        the last day again
-- Reads:      conversations, recordings
--
-- recordings_missing are those that ElevenLabs has not produced yet, or that the archive has not requested. A call whose
-- recording is absent for another stated reason has none to miss, and neither has a chat.

with

stored as (

    select
        dt,
        conversation_id,
        status is not distinct from 'initiation_failure' as is_attempt,
        coalesce(text_only, false) as is_chat,
        recording_absence,
        has_audio
    from conversations
    where dt between ? and ?

),

recorded as (

    select distinct conversation_id
    from recordings
    where dt between ? and ?

),

per_day as (

    select
        stored.dt as day,
        count(*) filter (where not stored.is_attempt) as calls,
        count(*) filter (where stored.is_attempt) as failed_attempts,
        count(recorded.conversation_id) as recordings,
        count(*) filter (
            where recorded.conversation_id is null
                and not stored.is_attempt
                and not stored.is_chat
                and coalesce(stored.has_audio, true)
                and coalesce(stored.recording_absence, 'waiting') = 'waiting'
        ) as recordings_missing
    from stored
    left join recorded
        on recorded.conversation_id = stored.conversation_id
    group by stored.dt

)

select * from per_day
order by day desc
