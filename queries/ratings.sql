-- How did people rate their calls, and what comments did they write?
--
-- Topic:      outcome
-- Grain:      one row per call with a rating, a comment, a like or a dislike
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      conversations, turns
--
-- The rating and the comment are for the whole call. Likes and dislikes are counted from its turns. An empty comment
-- is ignored. The lowest rating is first, and calls without a rating are last. Within the same rating, calls with the
-- most dislikes come first, then those of the last day.

with

calls as (

    select
        dt,
        conversation_id,
        agent_id,
        agent_name,
        caller,
        rating,
        nullif(feedback_comment, '') as feedback_comment,
        call_successful,
        duration_secs,
        title,
        raw_key
    from conversations
    where dt between ? and ?

),

voted as (

    select
        dt,
        conversation_id,
        count(*) filter (where feedback = 'like') as likes,
        count(*) filter (where feedback = 'dislike') as dislikes
    from turns
    where feedback in ('like', 'dislike')
    group by dt, conversation_id

),

rated as (

    -- A turn has the day of its call. With dt in the condition, only the requested days are read.
    select
        calls.dt as day,
        calls.conversation_id,
        calls.agent_id,
        calls.agent_name,
        calls.caller,
        calls.rating,
        calls.feedback_comment,
        coalesce(voted.likes, 0) as likes,
        coalesce(voted.dislikes, 0) as dislikes,
        calls.call_successful,
        calls.duration_secs,
        calls.title,
        calls.raw_key
    from calls
    left join voted
        on voted.dt = calls.dt
        and voted.conversation_id = calls.conversation_id
    where calls.rating is not null
        or calls.feedback_comment is not null
        or voted.conversation_id is not null

)

select * from rated
order by rating, dislikes desc, day desc, conversation_id
