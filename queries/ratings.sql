-- How did people rate their calls, and what comments did they write?
--
-- Topic:      outcome
-- Grain:      one row per call with a rating, a comment, a like or a dislike
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      conversations, turns
--
-- The rating, the comment and overall_score are for the whole call. overall_score is `like` or `dislike`, for people
-- who give a thumb instead of a rating. Likes and dislikes are those that ElevenLabs states for the call, or those of
-- its turns, if there are more of them. An empty comment and an empty score are ignored.
--
-- The lowest rating is first, and calls without a rating are last. Within the same rating, calls with the most dislikes
-- come first, then those of the last day.

with

calls as (

    select
        dt,
        conversation_id,
        nullif(agent_id, '') as agent_id,
        nullif(agent_name, '') as agent_name,
        nullif(caller, '') as caller,
        rating,
        nullif(overall_score, '') as overall_score,
        likes,
        dislikes,
        nullif(feedback_comment, '') as feedback_comment,
        nullif(call_successful, '') as call_successful,
        duration_secs,
        nullif(title, '') as title,
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
        calls.overall_score,
        calls.feedback_comment,
        greatest(coalesce(calls.likes, 0), coalesce(voted.likes, 0)) as likes,
        greatest(coalesce(calls.dislikes, 0), coalesce(voted.dislikes, 0)) as dislikes,
        calls.call_successful,
        calls.duration_secs,
        calls.title,
        calls.raw_key
    from calls
    left join voted
        on voted.dt = calls.dt
        and voted.conversation_id = calls.conversation_id
    where calls.rating is not null
        or calls.overall_score is not null
        or calls.feedback_comment is not null
        or calls.likes > 0
        or calls.dislikes > 0
        or voted.conversation_id is not null

)

select * from rated
order by rating, dislikes desc, day desc, conversation_id
