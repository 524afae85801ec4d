-- Which fields are in ElevenLabs' JSON, but in no column?
--
-- Topic:      archive
-- Grain:      one row per status, field and JSON type of its value
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      unknown_fields
-- Chart:      bar calls by field, json_type
--
-- Status: an invalid field holds NaN or Infinity, which JSON does not allow; it is read as null. An unknown field is new
-- to this version. An unmapped field is known and has no column. The raw JSON has all of them. Fields
-- below a listed field are not listed. A row from before the status existed counts as unknown.
--
-- The example is a call of the last day with the field: the one with the greatest key.

with

seen as (

    select
        dt,
        coalesce(nullif(status, ''), 'unknown') as status,
        field,
        json_type,
        seen_count,
        conversation_id,
        nullif(agent_id, '') as agent_id,
        raw_key
    from unknown_fields
    where dt between ? and ?

),

per_field as (

    select
        status,
        field,
        json_type,
        count(distinct conversation_id) as calls,
        count(distinct agent_id) as agents,
        cast(sum(seen_count) as bigint) as times_seen,
        min(dt) as first_day,
        max(dt) as last_day,
        array_agg(raw_key order by dt desc, raw_key desc)[1] as example_raw_key
    from seen
    group by status, field, json_type

)

select * from per_field
order by status, calls desc, field, json_type
