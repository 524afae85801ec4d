-- How often did the calls of each version of an agent succeed?
--
-- Topic:      outcome
-- Grain:      one row per agent, branch and version
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      conversations
-- Chart:      bar success_percent by agent_name, version_id
--
-- Whether a call succeeded is what the analysis found. The percentage is that of the calls that were decided one way
-- or the other: what the analysis does not know, or was not asked, is undecided, and where nothing was decided there
-- is no percentage. The score is the mean of the calls that have one. Attempts that failed before there was a call do
-- not count. First and last day are those with a call of the version among the days asked for; an agent's versions
-- are in the order of their first. Where ElevenLabs states no branch or version, it is null. A version of a
-- renamed agent has the name of its last day.

with

calls as (

    select
        dt,
        agent_id,
        agent_name,
        branch_id,
        version_id,
        call_successful,
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
