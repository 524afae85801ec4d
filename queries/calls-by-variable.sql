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
        nullif(named.value, '') as value,
        named.source as variable_source,
        nullif(conversations.agent_id, '') as agent_id,
        nullif(conversations.agent_name, '') as agent_name,
        nullif(conversations.caller, '') as caller,
        nullif(conversations.direction, '') as direction,
        nullif(conversations.channel, '') as channel,
        nullif(conversations.status, '') as status,
        nullif(conversations.call_successful, '') as call_successful,
        conversations.duration_secs,
        conversations.cost_credits,
        nullif(conversations.title, '') as title,
        conversations.raw_key
    from named
    left join conversations
        on conversations.dt = named.dt
        and conversations.conversation_id = named.conversation_id

)

select * from calls
order by day desc, started_at desc, conversation_id
