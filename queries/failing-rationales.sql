-- Why do calls fail their criteria, according to the evaluation?
--
-- Topic:      outcome
-- Grain:      one row per agent, criterion and first sentence of the rationale
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      evaluations
--
-- A language model writes each rationale, so two rationales are seldom identical. Rationales with the same first
-- sentence count as one reason. A sentence ends at a full stop before white space or at the end of the text. White
-- space is ignored, and capitals, as `find-phrase` compares them. The row shows the latest wording, its full rationale
-- and its call: of the last day, the call with the greatest id. A failure without a rationale has null as its reason.
-- The share is that of the agent's failures of the criterion.

with

failures as (

    select
        dt,
        conversation_id,
        nullif(agent_id, '') as agent_id,
        criteria_id,
        nullif(trim(regexp_replace(rationale, '\s+', ' ')), '') as rationale
    from evaluations
    where dt between ? and ?
        and result = 'failure'

),

with_reason as (

    -- With the added space, a full stop at the end of the text is followed by a space, too.
    select
        dt,
        conversation_id,
        agent_id,
        criteria_id,
        nullif(trim(split_part(rationale || ' ', '. ', 1)), '') as reason,
        rationale
    from failures

),

per_reason as (

    select
        agent_id,
        criteria_id,
        array_agg(reason order by dt desc, conversation_id desc)[1] as reason,
        count(*) as times,
        max(dt) as last_day,
        array_agg(conversation_id order by dt desc, conversation_id desc)[1] as example_conversation_id,
        array_agg(rationale order by dt desc, conversation_id desc)[1] as example_rationale
    from with_reason
    group by
        agent_id,
        criteria_id,
        replace(translate(lower(reason), 'ς’' || chr(775), 'σ' || chr(39)), 'ß', 'ss')

),

with_share as (

    select
        agent_id,
        criteria_id,
        reason,
        times,
        round(100e0 * times / sum(times) over (partition by agent_id, criteria_id), 1) as share_percent,
        last_day,
        example_conversation_id,
        example_rationale
    from per_reason

)

select * from with_share
order by agent_id, criteria_id, times desc, last_day desc, reason
