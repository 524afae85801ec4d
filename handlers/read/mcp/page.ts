import type { Page } from "../calls.ts";
import type { JsonRow } from "../json-rows.ts";
import { fittingRows, MOST_CHARACTERS } from "./fit.ts";
import type { Json } from "./json-value.ts";
import type { Section } from "./reply.ts";

/**
 * A page of a list with a cursor, with as many rows as fit into an answer. If fewer fit than `limit`, it is read again:
 * only the list can make the cursor behind another row.
 */
export async function pageSection(
  name: string,
  limit: number,
  read: (limit: number) => Promise<Page>,
  show: (row: JsonRow) => Json,
): Promise<Section> {
  const first = await read(limit);
  const fitting = fittingRows(first.items.map(show), MOST_CHARACTERS);
  const { items, next_cursor } = fitting < first.items.length ? await read(fitting) : first;
  const rest = next_cursor === null ? undefined : { cursor: next_cursor };
  return { name, rows: items.map(show), from: 0, total: null, rest };
}
