import { type CallFilter, filterParameters } from "./call-filter.ts";
import { cursorText, type Listing, placeOf } from "./cursor.ts";
import { type JsonRow, jsonRows } from "./json-rows.ts";
import { rangeOf } from "./range.ts";
import type { ReadDeps } from "./read-deps.ts";
import { runQuery } from "./run-query.ts";

/** The columns that sort a list of calls. */
export const SORTS = ["started_at", "duration_secs", "cost_credits", "rating"] as const;
export type Sort = (typeof SORTS)[number] | `-${(typeof SORTS)[number]}`;

/** One page of a list. */
export interface Page<Item = JsonRow> {
  readonly items: readonly Item[];
  readonly next_cursor: string | null;
}

/** The place before the first row: less than every value and every id. */
const START = [-1e301, ""] as const;

/**
 * One page of the calls that fit `filter`, in the order of `sort`.
 *
 * Pages that follow a cursor have each call once, also if calls arrive meanwhile. A call that arrives before the place
 * of the cursor is on no later page.
 *
 * @throws {Problem} if the range or the cursor is not valid, or the query fails.
 */
export async function callsPage(
  filter: CallFilter,
  { sort, cursor, limit }: { readonly sort: Sort; readonly cursor?: string | undefined; readonly limit: number },
  deps: Pick<ReadDeps, "engine" | "queries" | "now">,
): Promise<Page> {
  const listing: Listing = { ...filter, sort };
  const place = cursor === undefined ? undefined : placeOf(cursor, listing, START);
  const range = place?.range ?? rangeOf(filter, deps.now());
  const [value, id] = place?.after ?? START;
  const found = await runQuery(
    "calls",
    {
      ...filterParameters(filter, range),
      sort,
      after_value: String(value),
      after_value_again: String(value),
      after_id: String(id),
      rows: String(limit + 1),
    },
    deps,
  );
  const items = jsonRows(found, ["sort_value", "position"]).slice(0, limit);
  const last = jsonRows(found)[limit - 1];
  const hasMore = found.rows.length > limit && last !== undefined;
  const after = [Number(last?.["sort_value"]), String(last?.["conversation_id"])];
  return { items, next_cursor: hasMore ? cursorText({ range, after }, listing) : null };
}
