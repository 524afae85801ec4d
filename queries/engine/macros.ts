/**
 * Functions of Trino that the translation leaves as they are, taught to DuckDB.
 *
 * A macro that has the name of one of DuckDB's own functions takes its place. None of them can be followed
 * by `filter (where …)` or called with `distinct`: DuckDB allows that for its own aggregates only.
 */
export const MACROS: readonly string[] = [
  // Exact, by nearest rank, where Trino is approximate: for few values both answer one that occurs.
  "create macro approx_percentile(x, percentage) as quantile_disc(x, percentage)",
  // Trino counts whole units that have passed; DuckDB's own date_diff counts how often the unit's name changed.
  "create macro date_diff(unit, since, until) as date_sub(unit, since, until)",
  "create macro array_join(list, separator) as array_to_string(list, separator)",
];
