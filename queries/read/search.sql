-- Where was a phrase said, and what was said just before and after, from the latest day back?
--
-- Topic:      content
-- Grain:      one row per entry that contains the phrase
-- Parameters: 1  from            date           30 days ago  first UTC day
--             2  to              date           today        last UTC day
--             3  phrase          string         required     the text to find; capitals do not matter
--             4  speaker         any|user|agent any          the speaker of the phrase
--             5  agent           string         required     agent id, or * for all
--             6  after_day       string         9999-12-31   day of the last hit of the page before
--             7  after_day_again string         9999-12-31   the same day
--             8  after_id        string         required     conversation_id of that hit; empty for the first page
--             9  after_id_again  string         required     the same id
--             10 after_turn      integer        -1           turn_index of that hit
--             11 rows            integer        50           the number of rows, up to 501
--             12 around_from     date           30 days ago  the first day again
--             13 around_to       date           today        the last day again
--             14 titled_from     date           30 days ago  the first day again
--             15 titled_to       date           today        the last day again
-- Reads:      turns, conversations
--
-- Each character of the phrase stands for itself, % and _ included. before and after are the entries around the hit, of
-- any speaker. Entries without words, and those of another kind than said, are skipped. Hits are in descending order of
-- their days, and then in order of conversation_id and turn_index. So the next page begins after the last hit of this
-- one, also if calls arrived meanwhile. title, status, call_successful and started_at are those of the call.

with

hits as (

    -- hits and around each read the table: DuckDB keeps all rows of a CTE that is used twice, which takes longer.
    select
        dt,
        conversation_id,
        caller,
        agent_id,
        coalesce(turn_index, 0) as turn_index,
        time_in_call_secs,
        role,
        message
    from turns
    where dt between ? and ?
        and coalesce(kind, 'said') = 'said'
        and regexp_like(message, '[^\p{P}\p{Z}\p{Cc}\p{Cf}\p{M}]')
        and strpos(lower(message), lower(cast(? as varchar))) > 0
        and cast(? as varchar) in ('any', role)
        and cast(? as varchar) in ('*', agent_id)
        and (
            dt < cast(? as varchar)
            or dt = cast(? as varchar) and (
                conversation_id > cast(? as varchar)
                or conversation_id = cast(? as varchar) and coalesce(turn_index, 0) > cast(? as integer)
            )
        )
    order by dt desc, conversation_id, coalesce(turn_index, 0)
    limit 501

),

numbered as (

    select
        *,
        row_number() over (order by dt desc, conversation_id, turn_index) as position
    from hits

),

paged as (

    select *
    from numbered
    where position <= cast(? as integer)

),

around as (

    select
        dt,
        conversation_id,
        coalesce(turn_index, 0) as turn_index,
        time_in_call_secs,
        role,
        message
    from turns
    where dt between ? and ?
        and coalesce(kind, 'said') = 'said'
        and regexp_like(message, '[^\p{P}\p{Z}\p{Cc}\p{Cf}\p{M}]')

),

with_context as (

    -- DuckDB's max_by skips a row whose value is null, and Trino's does not. So no value is null here.
    select
        paged.dt,
        paged.conversation_id,
        paged.caller,
        paged.agent_id,
        paged.turn_index,
        paged.time_in_call_secs,
        paged.role,
        paged.message,
        paged.position,
        max(around.turn_index) filter (where around.turn_index < paged.turn_index) as before_turn_index,
        max_by(coalesce(around.time_in_call_secs, -1e0), around.turn_index)
            filter (where around.turn_index < paged.turn_index) as before_secs,
        max_by(coalesce(around.role, ''), around.turn_index)
            filter (where around.turn_index < paged.turn_index) as before_role,
        max_by(around.message, around.turn_index) filter (where around.turn_index < paged.turn_index) as before,
        min(around.turn_index) filter (where around.turn_index > paged.turn_index) as after_turn_index,
        min_by(coalesce(around.time_in_call_secs, -1e0), around.turn_index)
            filter (where around.turn_index > paged.turn_index) as after_secs,
        min_by(coalesce(around.role, ''), around.turn_index)
            filter (where around.turn_index > paged.turn_index) as after_role,
        min_by(around.message, around.turn_index) filter (where around.turn_index > paged.turn_index) as after
    from paged
    inner join around
        on around.dt = paged.dt
        and around.conversation_id = paged.conversation_id
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9

),

titled as (

    select
        dt,
        conversation_id,
        title,
        status,
        call_successful,
        started_at
    from conversations
    where dt between ? and ?

),

with_call as (

    select
        with_context.dt,
        with_context.conversation_id,
        titled.title,
        titled.status,
        titled.call_successful,
        titled.started_at,
        with_context.caller,
        with_context.agent_id,
        with_context.turn_index,
        with_context.time_in_call_secs,
        with_context.role,
        with_context.message,
        with_context.before_turn_index,
        nullif(with_context.before_secs, -1e0) as before_time_in_call_secs,
        nullif(with_context.before_role, '') as before_role,
        with_context.before,
        with_context.after_turn_index,
        nullif(with_context.after_secs, -1e0) as after_time_in_call_secs,
        nullif(with_context.after_role, '') as after_role,
        with_context.after,
        with_context.position
    from with_context
    left join titled
        on titled.dt = with_context.dt
        and titled.conversation_id = with_context.conversation_id

)

select * from with_call
order by position
