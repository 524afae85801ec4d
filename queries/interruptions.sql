-- How often is the agent interrupted, and how much do agent and person speak?
--
-- Topic:      quality
-- Grain:      one row per agent
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      turns
-- Chart:      bar interrupted_percent by agent_id
--
-- An agent turn is an entry of the agent that has words, or that was interrupted before its first word. ElevenLabs
-- does not state how long a person or agent speaks, so spoken words are counted: text between spaces that has a letter,
-- a digit or a symbol, without what was cut off. Only turns of kind said have words: contextual updates, ignored
-- back-channels and mailbox greetings have none. If a call is transferred, each agent is counted separately. The
-- person's words belong to the agent that ElevenLabs names beside them, or else to the agent of the call.

with

entries as (

    select
        dt,
        conversation_id,
        nullif(agent_id, '') as agent_id,
        nullif(role, '') as role,
        interrupted,
        message,
        coalesce(kind, 'said') = 'said'
            and regexp_like(message, '[^\p{P}\p{Z}\p{Cc}\p{Cf}\p{M}]') as is_said
    from turns
    where dt between ? and ?

),

counted as (

    -- A word matches once, from its first letter, digit or symbol to the next space.
    select
        conversation_id,
        agent_id,
        role,
        interrupted,
        case
            when is_said
                then regexp_count(message, '[^\p{P}\p{Z}\p{Cc}\p{Cf}\p{M}][^ \t\r\n]*')
            else 0
        end as words
    from entries

),

turned as (

    select
        conversation_id,
        agent_id,
        role,
        words,
        role = 'agent' and (words > 0 or interrupted) as is_agent_turn,
        role = 'agent' and interrupted as is_interrupted
    from counted

),

per_call as (

    select
        conversation_id,
        agent_id,
        bool_or(is_interrupted) as is_interrupted,
        count(*) filter (where is_agent_turn) as agent_turns,
        count(*) filter (where is_interrupted) as interrupted_turns,
        sum(words) filter (where role = 'agent') as agent_words,
        sum(words) filter (where role = 'user') as user_words
    from turned
    group by conversation_id, agent_id

),

per_agent as (

    select
        agent_id,
        count(conversation_id) as calls,
        count(conversation_id) filter (where is_interrupted) as interrupted_calls,
        cast(sum(agent_turns) as bigint) as agent_turns,
        cast(sum(interrupted_turns) as bigint) as interrupted_turns,
        coalesce(cast(sum(agent_words) as bigint), 0) as agent_words,
        coalesce(cast(sum(user_words) as bigint), 0) as user_words
    from per_call
    group by agent_id

),

with_percent as (

    select
        agent_id,
        calls,
        interrupted_calls,
        round(100e0 * interrupted_calls / calls, 1) as interrupted_calls_percent,
        agent_turns,
        interrupted_turns,
        round(100e0 * interrupted_turns / nullif(agent_turns, 0), 1) as interrupted_percent,
        agent_words,
        user_words,
        round(100e0 * agent_words / nullif(agent_words + user_words, 0), 1) as agent_words_percent
    from per_agent

)

select * from with_percent
order by interrupted_percent desc, agent_id
