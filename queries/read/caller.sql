-- Which calls did one person have, the latest first?
--
-- Topic:      volume
-- Grain:      one row per call or failed attempt, at most 501
-- Parameters: 1  from   date   30 days ago  first UTC day
--             2  to     date   today        last UTC day
--             3  caller string required     the person's folder
-- Reads:      conversations

with

of_person as (

    select
        dt,
        conversation_id,
        agent_id,
        agent_name,
        direction,
        channel,
        status,
        call_successful,
        started_at,
        duration_secs,
        rating,
        title,
        summary
    from conversations
    where dt between ? and ?
        and caller = cast(? as varchar)

)

select * from of_person
order by started_at desc nulls last, conversation_id
limit 501
