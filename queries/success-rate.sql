-- How often did the calls of each version of an agent succeed?
--
-- Topic:      outcome
-- Grain:      one row per agent, branch and version
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      conversations
-- Chart:      bar success_percent by agent_name, version_id
--
-- The analysis decides whether a call succeeded. The percentage is over the calls with the verdict success or failure.
-- Any other verdict, or none, is undecided; without a decided call the percentage is null. The score is the mean over
-- the calls with a score. Attempts that failed before a call began are not counted. The first and the last day are
-- those with a call of the version in the requested days. An agent's versions are ordered by their first day. Where
-- ElevenLabs states no branch or version, it is null. A renamed agent has the name of its last day.

with

calls as (

    select
        dt,
        nullif(agent_id, '') as agent_id,
        nullif(agent_name, '') as agent_name,
        nullif(branch_id, '') as branch_id,
        nullif(version_id, '') as version_id,
        nullif(call_successful, '') as call_successful,
        success_score
    from conversations
    where dt between ? and ?
        and status is distinct from 'initiation_failure'

),

per_version as (

    select
        agent_id,
        substr(max(dt || agent_name), 11) as agent_name,
        branch_id,
        version_id,
        count(*) as calls,
        count(*) filter (where call_successful = 'success') as succeeded,
        count(*) filter (where call_successful = 'failure') as failed,
        avg(success_score) as average_score,
        min(dt) as first_day,
        max(dt) as last_day
    from calls
    group by agent_id, branch_id, version_id

),

rated as (

    select
        agent_id,
        agent_name,
        branch_id,
        version_id,
        calls,
        succeeded,
        failed,
        calls - succeeded - failed as undecided,
        round(100e0 * succeeded / nullif(succeeded + failed, 0), 1) as success_percent,
        round(average_score, 2) as average_score,
        first_day,
        last_day
    from per_version

)

select * from rated
order by agent_id, first_day, branch_id, version_id
