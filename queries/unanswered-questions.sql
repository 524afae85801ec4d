-- Which questions could the agent not answer?
--
-- Topic:      content
-- Grain:      one row per answer that sounds as if the agent did not know
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      turns
--
-- An answer is found by its words, in English, German, Spanish or French. The list is in the SQL, in lower case: a dot
-- is either kind of apostrophe, (a|b) is one of both, {0,2} means at most two, and [a-z]+ is any word. So answers in
-- other words or languages are missed, and some findings are wrong, such as "I am not sure that I understood".
--
-- The question is the last thing that the person said before the answer, and null if there is none. Entries without a
-- letter, a digit or a symbol, such as the "..." of silence, are skipped, and those of another kind than said, such as
-- contextual updates. A rag_chunk_count of 0 means that the knowledge base had no passage, and null that it was not
-- searched. A greater number means that the passages did not help: an article is missing or unclear.

with

entries as (

    select
        dt,
        conversation_id,
        nullif(agent_id, '') as agent_id,
        nullif(caller, '') as caller,
        turn_index,
        nullif(role, '') as role,
        message,
        rag_chunk_count
    from turns
    where dt between ? and ?
        and coalesce(kind, 'said') = 'said'
        and regexp_like(message, '[^\p{P}\p{Z}\p{Cc}\p{Cf}\p{M}]')

),

questions_and_answers as (

    -- All that the person said, and the answers that sound so. Without the other answers, there is less to sort.
    select
        dt,
        conversation_id,
        agent_id,
        caller,
        turn_index,
        role,
        message,
        rag_chunk_count
    from entries
    where role = 'user'
        or role = 'agent'
        and regexp_like(
            lower(message),
            '\b('
            || 'i ([a-z]+ ){0,1}(don.t|do not) know'
            || '|i(.m| am) not ([a-z]+ ){0,1}(sure|certain)'
            || '|i(.m| am) ([a-z]+ ){0,1}(not able|unable) to'
            || '|i ([a-z]+ ){0,1}(don.t|do not) ([a-z]+ ){0,1}have ([a-z]+ ){0,5}(info|detail|data|answer)'
            || '|i (can.t|cannot|can not|couldn.t|could not) (find|answer|(help|assist) (you ){0,1}with)'
            || '|ich wei(ß|ss) ([a-z]+ ){0,2}nicht'
            || '|wei(ß|ss) ich ([a-z]+ ){0,2}nicht'
            || '|ich bin ([a-z]+ ){0,2}nicht sicher'
            || '|keine ([a-zäöü]+ ){0,1}(information|angaben|auskunft)'
            || '|kann ich ([a-z]+ ){0,3}nicht (sagen|beantworten|helfen|weiterhelfen)'
            || '|no (lo ){0,1}sé'
            || '|no estoy segur[oa]'
            || '|no (tengo|dispongo de|cuento con|encuentro) ([a-zá]+ ){0,1}(información|dato)'
            || '|no puedo (ayudar|responder)'
            || '|je (ne ){0,1}(le ){0,1}sais pas'
            || '|je ne suis pas (sûr|certain)'
            || '|je n.ai ([a-z]+ ){0,1}pas ([a-z]+ |[dl].){0,1}(information|réponse)'
            || '|je ne dispose pas ([a-z]+ ){0,2}([dl].){0,1}information'
            || '|je ne peux pas (vous ){0,1}(aider|répondre)'
            || ')'
        )

),

with_question as (

    select
        dt as day,
        conversation_id,
        agent_id,
        caller,
        turn_index,
        role,
        last_value(case when role = 'user' then message end) ignore nulls over (
            partition by dt, conversation_id
            order by turn_index
            rows between unbounded preceding and current row
        ) as question,
        message as answer,
        rag_chunk_count
    from questions_and_answers

),

unanswered as (

    select
        day,
        conversation_id,
        agent_id,
        caller,
        turn_index,
        question,
        answer,
        rag_chunk_count
    from with_question
    where role = 'agent'

)

select * from unanswered
order by day, conversation_id, turn_index
