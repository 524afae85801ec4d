-- What did ElevenLabs send that the archive keeps, and does not process?
--
-- Topic:      archive
-- Grain:      one row per place, type of event and reason
-- Parameters: 1 from date 30 days ago  first UTC day of receipt
--             2 to   date today        last UTC day of receipt
-- Reads:      unrouted
-- Chart:      bar events by place, event_type, reason
--
-- What is in the place `other` is of a type or a shape that this version does not know; what is in `quarantine` was
-- signed correctly, but not recently. The example is the last that was received; of several, the greatest key.

with

apart as (

    select
        place,
        event_type,
        reason,
        raw_key,
        raw_bytes,
        received_at
    from unrouted
    where dt between ? and ?

),

per_type as (

    select
        place,
        event_type,
        reason,
        count(*) as events,
        round(sum(raw_bytes) / 1e3, 1) as raw_kilobytes,
        min(received_at) as first_received_at,
        max(received_at) as last_received_at,
        array_agg(raw_key order by received_at desc, raw_key desc)[1] as example_raw_key
    from apart
    group by place, event_type, reason

)

select * from per_type
order by events desc, place, event_type, reason
