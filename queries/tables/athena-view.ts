import { type ClosedDays, daysOnSide } from "./closed-days.ts";
import { sqlName } from "./sql-text.ts";
import { PARTITION, type Side, type Table } from "./table.ts";

/** The name of one of the two tables behind the view of `table`. */
export function sideTable(table: Table, side: Side): string {
  return `${table.name}_${side}`;
}

/**
 * Athena's statement for the view of `table`: the closed days and the live ones.
 *
 * The dates are literals. So a query reads only the side that its own dates need, and one update of the view moves
 * them: a query returns every row once, before, during and after the update.
 */
export function athenaViewSql(table: Table, closed: ClosedDays): string {
  const columns = [...Object.keys(table.columns), PARTITION.name].map(sqlName).join(", ");
  return [
    `create or replace view ${sqlName(table.name)} as`,
    `select ${columns} from ${sqlName(sideTable(table, "days"))} where ${daysOnSide("days", closed)}`,
    "union all",
    `select ${columns} from ${sqlName(sideTable(table, "live"))} where ${daysOnSide("live", closed)}`,
  ].join("\n");
}
