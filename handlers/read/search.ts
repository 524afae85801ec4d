import type { Page } from "./calls.ts";
import { cursorText, type Listing, placeOf } from "./cursor.ts";
import { type JsonRow, jsonRows } from "./json-rows.ts";
import { daysBefore, type Range, rangeOf } from "./range.ts";
import type { ReadDeps } from "./read-deps.ts";
import { runQuery } from "./run-query.ts";

/** A search for a phrase in the words of the calls. */
export interface Search {
  readonly phrase: string;
  readonly speaker: "any" | "user" | "agent";
  readonly agent?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** The place before the first hit. */
const START = ["9999-12-31", "", -1] as const;

/**
 * One page of the entries that contain a phrase, from the latest day back, each with the entries around it and the title
 * of its call.
 *
 * With `searchesByDays` it reads the latest day first, then ever more days, and stops when the page is full.
 *
 * @throws {Problem} if the range or the cursor is not valid, or the query fails.
 */
export async function searchPage(
  search: Search,
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
  deps: Pick<ReadDeps, "engine" | "queries" | "now" | "searchesByDays">,
): Promise<Page> {
  const listing: Listing = { ...search };
  const place = cursor === undefined ? undefined : placeOf(cursor, listing, START);
  const range = place?.range ?? rangeOf(search, deps.now());
  const [day, id, turn] = place?.after ?? START;
  const found: JsonRow[] = [];
  for (const { from, to } of windowsOf(range, String(day), deps.searchesByDays)) {
    const rows = limit + 1 - found.length;
    const values = {
      from,
      to,
      phrase: search.phrase,
      speaker: search.speaker,
      agent: search.agent ?? "*",
      after_day: String(day),
      after_day_again: String(day),
      after_id: String(id),
      after_id_again: String(id),
      after_turn: String(turn),
      rows: String(rows),
      around_from: from,
      around_to: to,
      titled_from: from,
      titled_to: to,
    };
    found.push(...jsonRows(await runQuery("search", values, deps), ["position"]));
    if (found.length > limit) break;
  }
  const items = found.slice(0, limit);
  const last = items.at(-1);
  if (found.length <= limit || !last) return { items, next_cursor: null };
  const after = [String(last["dt"]), String(last["conversation_id"]), Number(last["turn_index"])];
  return { items, next_cursor: cursorText({ range, after }, listing) };
}

/** The parts of a range, from the latest: a day, then each twice as long as the one before. */
function* windowsOf({ from, to }: Range, latest: string, byDays: boolean): Generator<Range> {
  let end = latest < to ? latest : to;
  for (let days = byDays ? 1 : Number.POSITIVE_INFINITY; end >= from; days *= 2) {
    const begin = days === Number.POSITIVE_INFINITY ? from : daysBefore(end, days - 1);
    yield { from: begin > from ? begin : from, to: end };
    if (begin <= from) return;
    end = daysBefore(begin, 1);
  }
}
