-- Where was a phrase said, and what was said just before and after?
--
-- Topic:      content
-- Grain:      one row per turn that contains the phrase or is within two turns of one that does
-- Parameters: 1 from    date           30 days ago  first UTC day
--             2 to      date           today        last UTC day
--             3 phrase  string         required     the text to find; capitals do not matter
--             4 speaker any|user|agent any          the speaker of the phrase
-- Reads:      turns
--
-- Each character of the phrase stands for itself, % and _ included, but capitals and the kind of apostrophe do not
-- matter. Capitals of every language are compared as small letters, with ς as σ, ß as ss and İ as i. Turkish ı is
-- another letter than i.
--
-- The turns around a hit are of any speaker. A turn near several hits is listed once. Entries without words, and those
-- of another kind than said, are skipped, and do not count as one of the two turns.

with

spoken as (

    select
        dt,
        conversation_id,
        nullif(caller, '') as caller,
        turn_index,
        time_in_call_secs,
        nullif(role, '') as role,
        message,
        -- Most texts have none of these letters, and are compared twenty times faster.
        case
            when strpos(message, '’') > 0
                or strpos(message, 'ß') > 0
                or strpos(message, 'ẞ') > 0
                or strpos(message, 'ς') > 0
                or strpos(message, 'İ') > 0
                or strpos(message, chr(775)) > 0
            then replace(translate(lower(message), 'ς’' || chr(775), 'σ' || chr(39)), 'ß', 'ss')
            else lower(message)
        end as compared
    from turns
    where dt between ? and ?
        and coalesce(kind, 'said') = 'said'
        and regexp_like(message, '[^\p{P}\p{Z}\p{Cc}\p{Cf}\p{M}]')

),

marked as (

    -- Athena accepts a parameter in a where clause only. So each turn is joined with true and with false, and the
    -- where clause keeps the right one.
    select
        spoken.dt as day,
        spoken.conversation_id,
        spoken.caller,
        spoken.turn_index,
        spoken.time_in_call_secs,
        spoken.role,
        verdicts.is_hit,
        spoken.message
    from spoken
    cross join unnest(array[true, false]) as verdicts (is_hit)
    where verdicts.is_hit = coalesce(
            strpos(
                spoken.compared,
                replace(translate(lower(cast(? as varchar)), 'ς’' || chr(775), 'σ' || chr(39)), 'ß', 'ss')
            ) > 0
                and cast(? as varchar) in ('any', spoken.role),
            false
        )

),

surrounded as (

    select
        day,
        conversation_id,
        caller,
        turn_index,
        time_in_call_secs,
        role,
        is_hit,
        message,
        bool_or(is_hit) over (
            partition by conversation_id
            order by turn_index
            rows between 2 preceding and 2 following
        ) as is_shown
    from marked

),

shown as (

    select
        day,
        conversation_id,
        caller,
        turn_index,
        time_in_call_secs,
        role,
        is_hit,
        message
    from surrounded
    where is_shown

)

select * from shown
order by day, conversation_id, turn_index
