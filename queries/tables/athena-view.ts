import { type ClosedDays, conditionOf } from "./closed-days.ts";
import { sqlName } from "./sql-text.ts";
import { PARTITION, SIDES, type Side, type Table } from "./table.ts";

/** The name of one of the three tables behind the view of `table`. */
export function sideTable(table: Table, side: Side): string {
  return `${table.name}_${side}`;
}

/**
 * Athena's statement for the view of `table`: the closed days, the packed hours if there are any, and the live ones.
 *
 * Dates and hours are literals. So a query reads only the sides that its own dates need, and one update of the view moves
 * them: a query returns every row once, before, during and after the update.
 */
export function athenaViewSql(table: Table, closed: ClosedDays): string {
  const columns = [...Object.keys(table.columns), PARTITION.name].map(sqlName).join(", ");
  const selects = SIDES.flatMap((side) => {
    const condition = conditionOf(side, closed);
    const from = `select ${columns} from ${sqlName(sideTable(table, side))}`;
    return condition === undefined ? [] : [`${from} where ${condition}`];
  });
  return [`create or replace view ${sqlName(table.name)} as`, selects.join("\nunion all\n")].join("\n");
}
