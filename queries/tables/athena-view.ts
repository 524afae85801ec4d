import { type ClosedDays, daysOnSide } from "./closed-days.ts";
import { sqlName } from "./sql-text.ts";
import { PARTITION, type Side, type Table } from "./table.ts";

/** The name of one of the two tables behind the view of `table`. */
export function sideTable(table: Table, side: Side): string {
  return `${table.name}_${side}`;
}

/**
 * Athena's statement for the view of `table`: days that are closed, and those that are live.
 *
 * The dates are literals, so that a query reads only the side that its own dates need, and moving them is one
 * update of one view: a reader sees every row once, before, during and after.
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
