-- Which deliveries does the archive keep without processing them as calls?
--
-- Topic:      archive
-- Grain:      one row per place, type of event and reason
-- Parameters: 1 from date 30 days ago  first UTC day of receipt
--             2 to   date today        last UTC day of receipt
-- Reads:      unrouted
-- Chart:      bar events by place, event_type, reason
--
-- The place `other` has deliveries whose type or shape this version does not know. `quarantine` has deliveries with a
-- valid signature that is too old. The example is the last one received; of several, the one with the greatest key.

with

apart as (

    select
        place,
        nullif(event_type, '') as event_type,
        nullif(reason, '') as reason,
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
