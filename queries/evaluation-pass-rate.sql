-- How often did the calls of each agent meet each evaluation criterion?
--
-- Topic:      outcome
-- Grain:      one row per agent and criterion
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      evaluations
--
-- The pass rate is over the calls with the result success or failure. Any other result counts as undecided. Without a
-- decided call the rate is null.

with

results as (

    select
        nullif(agent_id, '') as agent_id,
        criteria_id,
        nullif(result, '') as result,
        score
    from evaluations
    where dt between ? and ?

),

counted as (

    select
        agent_id,
        criteria_id,
        count(*) as evaluated,
        count(*) filter (where result = 'success') as passed,
        count(*) filter (where result = 'failure') as failed,
        avg(score) as average_score
    from results
    group by agent_id, criteria_id

),

rated as (

    select
        agent_id,
        criteria_id,
        evaluated,
        passed,
        failed,
        evaluated - passed - failed as undecided,
        round(100e0 * passed / nullif(passed + failed, 0), 1) as pass_rate_percent,
        round(average_score, 2) as average_score
    from counted

)

select * from rated
order by agent_id, pass_rate_percent, criteria_id
