-- How many calls of each campaign were answered by a person, how many by a machine, and how did they go?
--
-- Topic:      outcome
-- Grain:      one row per campaign and batch
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      conversations
-- Chart:      bar machine_percent by campaign_id, batch_call_id
--
-- A batch without a campaign has a null campaign_id. A call without a batch and a campaign is not counted. placed is
-- the number of calls and of failed attempts; the report of an attempt seldom names its batch. recipients is the
-- number of different people, as far as ElevenLabs states them.
--
-- A machine answered if the carrier reports a voicemail, or if the agent detected one; a person answered if the carrier
-- reports an answer. busy, no_answer and failed are the other results of the carrier, with the reasons of failed
-- attempts. If nothing states what answered a call, it is in answered_by_unknown. machine_percent is the share of
-- machines in all answered calls, so it is too low if many of them are in answered_by_unknown.
--
-- The verdicts and the success percentage are over the calls that a machine did not answer. The percentage is null
-- without the verdict success or failure. Length and cost are over all calls of the batch; a call of unknown length or
-- cost is left out.

with

placed as (

    select
        dt,
        nullif(campaign_id, '') as campaign_id,
        nullif(batch_call_id, '') as batch_call_id,
        coalesce(nullif(campaign_lead_id, ''), nullif(batch_recipient_id, '')) as recipient_id,
        status is not distinct from 'initiation_failure' as is_attempt,
        coalesce(is_machine, false) as is_machine,
        coalesce(not is_machine, false) as is_person,
        replace(lower(coalesce(nullif(call_result, ''), failure_reason)), '-', '_') as carrier_result,
        call_successful,
        duration_secs,
        cost_credits
    from conversations
    where dt between ? and ?
        and (campaign_id <> '' or batch_call_id <> '')

),

with_answer as (

    select
        dt,
        campaign_id,
        batch_call_id,
        recipient_id,
        is_attempt,
        case
            when is_machine then 'machine'
            when is_person then 'person'
            when carrier_result in ('busy', 'no_answer', 'failed') then carrier_result
            when is_attempt then 'failed'
            else 'unknown'
        end as answer,
        call_successful,
        duration_secs,
        cost_credits
    from placed

),

per_batch as (

    select
        campaign_id,
        batch_call_id,
        min(dt) as first_day,
        max(dt) as last_day,
        count(*) as placed,
        count(distinct recipient_id) as recipients,
        count(*) filter (where is_attempt) as failed_attempts,
        count(*) filter (where not is_attempt) as calls,
        count(*) filter (where answer = 'person') as answered_by_person,
        count(*) filter (where answer = 'machine') as answered_by_machine,
        count(*) filter (where answer = 'unknown') as answered_by_unknown,
        count(*) filter (where answer in ('person', 'machine', 'unknown')) as answered,
        count(*) filter (where answer = 'busy') as busy,
        count(*) filter (where answer = 'no_answer') as no_answer,
        count(*) filter (where answer = 'failed') as failed,
        count(*) filter (where answer <> 'machine' and call_successful = 'success') as succeeded,
        count(*) filter (where answer <> 'machine' and call_successful = 'failure') as unsuccessful,
        avg(duration_secs) as average_secs,
        sum(cost_credits) as cost_credits
    from with_answer
    group by campaign_id, batch_call_id

),

rated as (

    select
        campaign_id,
        batch_call_id,
        first_day,
        last_day,
        placed,
        recipients,
        failed_attempts,
        calls,
        answered_by_person,
        answered_by_machine,
        answered_by_unknown,
        round(100e0 * answered_by_machine / nullif(answered, 0), 1) as machine_percent,
        busy,
        no_answer,
        failed,
        succeeded,
        unsuccessful,
        round(100e0 * succeeded / nullif(succeeded + unsuccessful, 0), 1) as success_percent,
        round(average_secs, 1) as average_secs,
        round(cost_credits, 1) as cost_credits
    from per_batch

)

select * from rated
order by campaign_id, batch_call_id
