-- Which calls have a given dynamic variable, and how did they go?
--
-- Topic:      content
-- Grain:      one row per call with the variable
-- Parameters: 1 from  date   30 days ago  first UTC day
--             2 to    date   today        last UTC day
--             3 name  string required     the variable, such as case_id
--             4 value string any          only calls with this value; any: every value
-- Reads:      conversations, variables
--
-- The newest call is first. Name and value are compared as they were sent, with capitals. The value is the last one of
-- the call; variable_source is `tool` if a tool set it during the call. A number is compared by its digits. Secret
-- variables, whose names begin with secret__, are not in the tables.

with

named as (

    select
        dt,
        conversation_id,
        name,
        value,
        source
    from variables
    where dt between ? and ?
        and name = cast(? as varchar)
        and cast(? as varchar) in ('any', value)

),

calls as (

    -- A variable has the day of its call. With dt in the condition, only the requested days are read.
    select
        named.dt as day,
        conversations.started_at,
        named.conversation_id,
        named.name,
        named.value,
        named.source as variable_source,
        conversations.agent_id,
        conversations.agent_name,
        conversations.caller,
        conversations.direction,
        conversations.channel,
        conversations.status,
        conversations.call_successful,
        conversations.duration_secs,
        conversations.cost_credits,
        conversations.title,
        conversations.raw_key
    from named
    left join conversations
        on conversations.dt = named.dt
        and conversations.conversation_id = named.conversation_id

)

select * from calls
order by day desc, started_at desc, conversation_id
