-- Which calls have no recording in the archive, and why?
--
-- Topic:      archive
-- Grain:      one row per call without its recording
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      conversations, recordings
--
-- A call should have a recording if has_audio is true. If ElevenLabs states no has_audio, every call should have one,
-- except text chats, SMS, messages of other systems such as Slack, and calls of 0 seconds. Calls whose recording was
-- off are listed under the same condition.
--
-- The reason is one of:
--   recording off       ElevenLabs recorded nothing
--   still waiting       ElevenLabs has none yet; it is requested again until a day after the call
--   not produced        ElevenLabs still had none a day after the call
--   deleted             ElevenLabs no longer has the call
--   not decodable       the delivered or fetched bytes are not an MP3
--   not asked           unknown: there is no API key, or an earlier version processed the call

with

calls as (

    select
        dt,
        conversation_id,
        nullif(caller, '') as caller,
        nullif(agent_id, '') as agent_id,
        nullif(channel, '') as channel,
        status,
        started_at,
        duration_secs,
        text_only,
        has_audio,
        recording_absence,
        raw_key
    from conversations
    where dt between ? and ?

),

with_recording as (

    -- A recording has the day of its call. With dt in the condition, only the requested days are read.
    select
        calls.dt as day,
        calls.conversation_id,
        calls.caller,
        calls.agent_id,
        calls.channel,
        calls.status,
        calls.started_at,
        calls.duration_secs,
        calls.text_only,
        calls.has_audio,
        calls.recording_absence,
        calls.raw_key,
        recordings.conversation_id is not null as is_recorded
    from calls
    left join recordings
        on recordings.dt = calls.dt
        and recordings.conversation_id = calls.conversation_id

),

missing as (

    select
        day,
        conversation_id,
        caller,
        agent_id,
        channel,
        started_at,
        duration_secs,
        has_audio,
        raw_key,
        cast(
            case recording_absence
                when 'off' then 'recording off'
                when 'waiting' then 'still waiting'
                when 'not_produced' then 'not produced'
                when 'deleted' then 'deleted'
                when 'not_decodable' then 'not decodable'
                else 'not asked'
            end
            as varchar
        ) as reason
    from with_recording
    where not is_recorded
        and status is distinct from 'initiation_failure'
        and (
            has_audio
            or (
                (has_audio is null or recording_absence = 'off')
                and text_only is distinct from true
                and coalesce(channel, '') not in (
                    'sms', 'slack', 'telegram', 'zendesk', 'intercom', 'freshdesk', 'salesforce'
                )
                and duration_secs is distinct from 0e0
            )
        )

)

select * from missing
order by day, started_at, conversation_id
