import { PARTITION, type Side, type Table } from "./table.ts";

/** The name of one of the two tables behind the view of `table`. */
export function sideTable(table: Table, side: Side): string {
  return `${table.name}_${side}`;
}

/**
 * Athena's statement for the view of `table`: what was closed before `firstLiveDay`, and what is live since.
 *
 * The date is a literal, so that a query reads only the side that its own dates need, and moving it is one
 * update of one view: a reader sees every row once, before, during and after.
 */
export function athenaViewSql(table: Table, firstLiveDay: string): string {
  const columns = [...Object.keys(table.columns), PARTITION.name].join(", ");
  const { name: dt } = PARTITION;
  return [
    `create or replace view ${table.name} as`,
    `select ${columns} from ${sideTable(table, "days")} where ${dt} < '${firstLiveDay}'`,
    "union all",
    `select ${columns} from ${sideTable(table, "live")} where ${dt} >= '${firstLiveDay}'`,
  ].join("\n");
}
