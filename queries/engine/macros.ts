/**
 * Definitions of Trino's functions that the translation keeps, and that DuckDB lacks or defines differently.
 *
 * A macro with the name of a DuckDB function replaces it. Macros do not support `filter (where …)` or `distinct`:
 * DuckDB allows these for its own aggregates only.
 */
export const MACROS: readonly string[] = [
  // Trino counts complete units; DuckDB's own date_diff counts the boundaries between units.
  "create macro date_diff(unit, since, until) as date_sub(unit, since, until)",

  // Trino's date_add, whose result has the type of its argument: see `date-arithmetic.ts`.
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
     else error('date_add does not support the unit ' || unit)
   end, moment)`,

  "create macro sequence(first, last) as generate_series(first, last)",

  // A time in a zone. DuckDB's timestamp has no zone, so the result is the local time in the requested zone.
  "create macro with_timezone(moment, zone) as timezone(zone, moment)",
  "create macro at_timezone(moment, zone) as timezone(zone, moment)",

  // If all elements are null, Trino returns an empty text.
  "create macro array_join(list, separator) as coalesce(array_to_string(list, separator), if(list is null, null, ''))",

  "create macro regexp_count(text, pattern) as len(regexp_extract_all(text, pattern))",

  // Trino's replaces every match. The translation adds a fourth argument for that, except within strpos.
  `create macro regexp_replace(text, pattern, replacement) as system.main.regexp_replace(text, pattern, replacement, 'g'),
     (text, pattern, replacement, options) as system.main.regexp_replace(text, pattern, replacement, 'g')`,
];
