-- Which unknown fields are in ElevenLabs' JSON, but in no table?
--
-- Topic:      archive
-- Grain:      one row per field and JSON type of its value
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      unknown_fields
-- Chart:      bar calls by field, json_type
--
-- Known fields that are left out of the tables on purpose are not listed, nor are fields below an unknown field. The
-- raw JSON has all of them. JSON has no NaN and no Infinity. A field that contains such a word is listed, and the word is
-- its json_type. The example is a call of the last day with the field: the one with the greatest key.

with

seen as (

    select
        dt,
        field,
        json_type,
        seen_count,
        conversation_id,
        agent_id,
        raw_key
    from unknown_fields
    where dt between ? and ?

),

per_field as (

    select
        field,
        json_type,
        count(distinct conversation_id) as calls,
        count(distinct agent_id) as agents,
        cast(sum(seen_count) as bigint) as times_seen,
        min(dt) as first_day,
        max(dt) as last_day,
        array_agg(raw_key order by dt desc, raw_key desc)[1] as example_raw_key
    from seen
    group by field, json_type

)

select * from per_field
order by calls desc, field, json_type
