-- Which turns seem to contain personal data that may have to be redacted?
--
-- Topic:      content
-- Grain:      one row per turn and kind of data in it
-- Parameters: 1 from date 30 days ago  first UTC day
--             2 to   date today        last UTC day
-- Reads:      turns
--
-- The finding is masked: only its first two characters and its length are shown. The turn has the full text. Kinds:
--   email  an address with an @ in it
--   iban   a bank account: two letters, two digits, four of either, then digits; 15 to 34 characters in all
--   card   13 to 19 digits with the prefix of a card (22 to 27, 3 to 6), with or without single blanks or hyphens
--   phone  a + and 8 to 15 digits, or a North American number of three, three and four digits, or of ten
--
-- The check digit of a card is ignored: transcription may get a digit wrong, and a false finding is better than a
-- missed one. One text is one finding: a card is not also a phone number. Some data is not found: text that is spelled
-- out ("anna at example dot com", "four one one one"), a number across two turns, a national number of another
-- country, a name or a street. Turns of every kind are searched, also contextual updates, ignored back-channels and
-- mailbox greetings. The summary, collected values, tool parameters and the recording may hold the same data.

with

spoken as (

    select
        dt,
        conversation_id,
        nullif(caller, '') as caller,
        turn_index,
        nullif(role, '') as role,
        lower(message) as message
    from turns
    where dt between ? and ?

),

found as (

    -- From left to right, and of two that begin at the same place the one that is named first.
    select
        spoken.dt,
        spoken.conversation_id,
        spoken.caller,
        spoken.turn_index,
        spoken.role,
        matches.text,
        matches.place
    from spoken
    cross join unnest(
        regexp_extract_all(
            spoken.message,
            '[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+\.\p{L}{2,}'
            || '|\b[a-z]{2}[0-9]{2} {0,1}[a-z0-9]{4}( {0,1}[0-9]){7,26}\b'
            || '|\b(2[ -]{0,1}[2-7]|[3-6][ -]{0,1}[0-9])([ -]{0,1}[0-9]){11,17}\b'
            || '|\+[1-9]([ ()./-]{0,2}[0-9]){7,14}\b'
            || '|(\(|\b1[ .-]{0,1}\({0,1}|\b)[2-9][0-9]{2}(\) |[ ).-]|)[2-9][0-9]{2}[ .-]{0,1}[0-9]{4}\b'
        )
    ) with ordinality as matches (text, place)

),

with_kind as (

    select
        dt,
        conversation_id,
        caller,
        turn_index,
        role,
        cast(
            case
                when strpos(text, '@') > 0 then 'email'
                when regexp_like(text, '^[a-z]') then 'iban'
                when text like '+%' or length(regexp_replace(text, '[^0-9]', '')) < 13 then 'phone'
                else 'card'
            end as varchar
        ) as kind,
        substr(text, 1, 2) || '… (' || cast(length(text) as varchar) || ')' as masked,
        place
    from found

),

per_turn as (

    select
        dt as day,
        conversation_id,
        caller,
        turn_index,
        role,
        kind,
        count(*) as times_found,
        array_join(array_agg(masked order by place), ', ') as found_masked
    from with_kind
    group by dt, conversation_id, caller, turn_index, role, kind

)

select * from per_turn
order by day, conversation_id, turn_index, kind
