/**
 * What the translation leaves to DuckDB and DuckDB does not know, or knows otherwise.
 *
 * A macro that has the name of one of DuckDB's own functions takes its place. None of them can be followed
 * by `filter (where …)` or called with `distinct`: DuckDB allows that for its own aggregates only.
 */
export const MACROS: readonly string[] = [
  // Of up to 78 values Trino answers one that occurs, and of two in the middle the greater, which quantile_disc does
  // not (Trino 476, 2026-11-24). Of more it is approximate, and this is not.
  `create macro approx_percentile(x, percentage) as (list_sort(list(x) filter (where x is not null)))[
     least(cast(floor(count(x) * cast(percentage as double)) as bigint) + 1, count(x))]`,

  // Trino counts whole units that have passed; DuckDB's own date_diff counts how often the unit's name changed.
  "create macro date_diff(unit, since, until) as date_sub(unit, since, until)",

  // Trino's date_add, which answers in the type it is given: see `date-arithmetic.ts`.
  `create macro plus_units(unit, units, moment) as cast_to_type(moment + case lower(unit)
     when 'millisecond' then to_milliseconds(units)
     when 'second' then to_seconds(units)
     when 'minute' then to_minutes(units)
     when 'hour' then to_hours(units)
     when 'day' then to_days(cast(units as integer))
     when 'week' then to_weeks(cast(units as integer))
     when 'month' then to_months(cast(units as integer))
     when 'quarter' then to_months(3 * cast(units as integer))
     when 'year' then to_years(cast(units as integer))
     else error('date_add knows no ' || unit)
   end, moment)`,

  "create macro sequence(first, last) as generate_series(first, last)",

  // A time in a zone. DuckDB's has no zone of its own, so that which is asked for is the clock's time there.
  "create macro with_timezone(moment, zone) as timezone(zone, moment)",
  "create macro at_timezone(moment, zone) as timezone(zone, moment)",

  // Of nothing but nulls Trino's is an empty text.
  "create macro array_join(list, separator) as coalesce(array_to_string(list, separator), if(list is null, null, ''))",

  // Trino's replaces every match. The translation says so with a fourth argument, except within strpos.
  `create macro regexp_replace(text, pattern, replacement) as system.main.regexp_replace(text, pattern, replacement, 'g'),
     (text, pattern, replacement, options) as system.main.regexp_replace(text, pattern, replacement, 'g')`,
];
