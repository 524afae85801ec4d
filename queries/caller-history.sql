-- Which calls and facts are on record for one caller?
--
-- Topic:      content
-- Grain:      one row per fact: a call, its rating, a collected value, a judged criterion, or its recording
-- Parameters: 1 from   date   30 days ago  first UTC day
--             2 to     date   today        last UTC day
--             3 caller string required     the caller's number, or folder in the archive: digits, or user-…
-- Reads:      conversations, evaluations, data_points, recordings
--
-- The newest call is first. The number may be written as +1 (202) 555-0101 or as digits, with the country code.
-- `anonymous` has no history, because it may be any number of people. The meaning of name, value and detail depends on
-- kind:
--   attempt    outbound; the reason of the failure; empty. The attempt failed before a call began, and has the time of
--              its event.
--   call       its direction; the analysis' verdict; its summary, or its title if it has no summary
--   collected  the name of the value; the value; where it was found. A value that was not found, or is empty, is
--              left out.
--   judged     the evaluation criterion; its result; the rationale
--   rating     `rating`; the rating; the person's comment
--   recording  its source; the key of the MP3; its length

with

calls as (

    select
        dt,
        conversation_id,
        case when status = 'initiation_failure' then 'attempt' else 'call' end as kind,
        coalesce(started_at, event_at) as started_at,
        nullif(caller, '') as caller,
        nullif(direction, '') as direction,
        coalesce(nullif(call_successful, ''), nullif(failure_reason, '')) as outcome,
        coalesce(nullif(summary, ''), nullif(title, '')) as summary,
        cast(try_cast(rating as decimal(10, 1)) as varchar) as rating,
        nullif(feedback_comment, '') as feedback_comment
    from conversations
    where dt between ? and ?

),

collected as (

    select
        dt,
        conversation_id,
        'collected' as kind,
        name,
        value,
        nullif(rationale, '') as detail
    from data_points
    where value <> ''

),

judged as (

    select
        dt,
        conversation_id,
        'judged' as kind,
        criteria_id as name,
        nullif(result, '') as value,
        nullif(rationale, '') as detail
    from evaluations

),

recorded as (

    select
        dt,
        conversation_id,
        'recording' as kind,
        source as name,
        audio_key as value,
        cast(try_cast(duration_secs as decimal(10, 1)) as varchar) || ' seconds' as detail
    from recordings

),

found as (

    select * from collected
    union all
    select * from judged
    union all
    select * from recorded

),

with_found as (

    -- One row for each fact, or one row for a call without facts. The first row of a call also stands for the call and
    -- its rating. A number is compared by its digits; in the name of a user a hyphen is significant. The condition on
    -- the caller is here, next to the join: DuckDB applies the days to the other tables only if calls has no other
    -- condition.
    select
        calls.dt,
        calls.conversation_id,
        calls.kind,
        calls.started_at,
        calls.direction,
        calls.outcome,
        calls.summary,
        calls.rating,
        calls.feedback_comment,
        found.kind as found_kind,
        found.name as found_name,
        found.value as found_value,
        found.detail as found_detail,
        row_number() over (
            partition by calls.dt, calls.conversation_id
            order by found.kind, found.name, found.value
        ) as place
    from calls
    left join found
        on found.dt = calls.dt
        and found.conversation_id = calls.conversation_id
    where calls.caller <> 'anonymous'
        and calls.caller = translate(
            cast(? as varchar),
            case when calls.caller like 'user-%' then '' else '+ ()./-' end,
            ''
        )

),

history as (

    select
        dt as day,
        started_at,
        conversation_id,
        cast(case about when 'call' then kind when 'rating' then 'rating' else found_kind end as varchar) as kind,
        case about when 'call' then direction when 'rating' then 'rating' else found_name end as name,
        case about when 'call' then outcome when 'rating' then rating else found_value end as value,
        case about when 'call' then summary when 'rating' then feedback_comment else found_detail end as detail
    from with_found
    cross join (values ('call'), ('rating'), ('found')) as facts (about)
    where (about = 'call' and place = 1)
        or (about = 'rating' and place = 1 and (rating is not null or feedback_comment is not null))
        or (about = 'found' and found_kind is not null)

)

select * from history
order by day desc, started_at desc, conversation_id, kind, name, value
