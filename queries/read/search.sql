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
-- Reads:      turns
--
-- Each character of the phrase stands for itself, % and _ included. before and after are the entries around the hit, of
-- any speaker. Entries without words, and those of another kind than said, are skipped. Hits are in descending order of
-- their days, and then in order of conversation_id and turn_index. So the next page begins after the last hit of this
-- one, also if calls arrived meanwhile.

with

spoken as (

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

),

hits as (

    select *
    from spoken
    where strpos(lower(message), lower(cast(? as varchar))) > 0
        and cast(? as varchar) in ('any', role)
        and cast(? as varchar) in ('*', agent_id)
        and (
            dt < cast(? as varchar)
            or dt = cast(? as varchar) and (
                conversation_id > cast(? as varchar)
                or conversation_id = cast(? as varchar) and turn_index > cast(? as integer)
            )
        )
    order by dt desc, conversation_id, turn_index
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

with_context as (

    select
        paged.dt,
        paged.conversation_id,
        paged.caller,
        paged.agent_id,
        paged.turn_index,
        paged.time_in_call_secs,
        paged.role,
        paged.message,
        max_by(spoken.message, spoken.turn_index) filter (where spoken.turn_index < paged.turn_index) as before,
        min_by(spoken.message, spoken.turn_index) filter (where spoken.turn_index > paged.turn_index) as after,
        paged.position
    from paged
    inner join spoken
        on spoken.dt = paged.dt
        and spoken.conversation_id = paged.conversation_id
    group by 1, 2, 3, 4, 5, 6, 7, 8, 11

)

select * from with_context
order by position
