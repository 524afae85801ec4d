-- How long are the calls of each agent, and how many hang up early?
--
-- Topic:      volume
-- Grain:      one row per agent
-- Parameters: 1 from       date   30 days ago  first UTC day
--             2 to         date   today        last UTC day
--             3 early_secs double 10           a call shorter than this is an early hang-up
-- Reads:      conversations
-- Chart:      bar p50_secs by agent_name
--
-- Only calls of known length are counted. Attempts that failed before a call began are not counted. A call of exactly
-- early_secs is not early. A call of 0 seconds is early if early_secs is more than 0. ElevenLabs does not state which
-- side ended a call, so calls that the agent ended are included. Chats count as calls.
--
-- Half of the calls were no longer than p50_secs, and nine out of ten no longer than p90_secs. Percentiles are
-- interpolated between the two nearest values, as in spreadsheets: the p50 of 10 and 20 is 15. A renamed agent has the
-- name of its last day.

with

calls as (

    select
        dt,
        nullif(agent_id, '') as agent_id,
        nullif(agent_name, '') as agent_name,
        duration_secs
    from conversations
    where dt between ? and ?
        and status is distinct from 'initiation_failure'
        and duration_secs is not null

),

kinds as (

    select is_early
    from (values (true), (false)) as kinds (is_early)

),

with_kind as (

    -- Joined by whether the call is early, because Athena accepts a parameter in a where clause only.
    select
        calls.dt,
        calls.agent_id,
        calls.agent_name,
        calls.duration_secs,
        kinds.is_early
    from calls
    cross join kinds
    where kinds.is_early = (calls.duration_secs < cast(? as double))

),

in_order as (

    -- Places begin at 0. A percentile is the sum of all values, each weighted by how near its place is to the place of
    -- the percentile: 1 at it, 0 from a distance of 1. So it is interpolated between the two nearest values.
    select
        dt,
        agent_id,
        agent_name,
        duration_secs,
        is_early,
        count(duration_secs) over (partition by agent_id) - 1 as last_place,
        row_number() over (partition by agent_id order by duration_secs) - 1 as place
    from with_kind

),

per_agent as (

    select
        agent_id,
        substr(max(dt || agent_name), 11) as agent_name,
        count(*) as calls,
        round(sum(duration_secs * greatest(1 - abs(last_place * 0.1e0 - place), 0e0)), 1) as p10_secs,
        round(sum(duration_secs * greatest(1 - abs(last_place * 0.5e0 - place), 0e0)), 1) as p50_secs,
        round(sum(duration_secs * greatest(1 - abs(last_place * 0.9e0 - place), 0e0)), 1) as p90_secs,
        round(sum(duration_secs * greatest(1 - abs(last_place * 0.95e0 - place), 0e0)), 1) as p95_secs,
        round(max(duration_secs), 1) as longest_secs,
        round(sum(duration_secs) / 60, 1) as total_minutes,
        count(*) filter (where is_early) as early_hangups,
        round(100e0 * count(*) filter (where is_early) / count(*), 1) as early_percent
    from in_order
    group by agent_id

)

select * from per_agent
order by calls desc, agent_id
