import { FIRST_DAY } from "../../queries/tables/table.ts";
import { utcDate } from "../../queries/tables/utc-date.ts";
import { statedFolder } from "../call/caller.ts";
import type { Memory } from "../clients/memory/memories.ts";
import { readIndex } from "../process/conversation-index.ts";
import { filterParameters } from "./call-filter.ts";
import type { FacetCount } from "./facets.ts";
import { type JsonRow, jsonRows } from "./json-rows.ts";
import { Problem } from "./problem.ts";
import { shortened } from "./range.ts";
import type { ReadDeps } from "./read-deps.ts";
import { runQuery } from "./run-query.ts";

/** The most calls in one report. */
const MOST_CALLS = 500;

/** The memories are under the user ids of this number of latest calls. */
const CALLS_WITH_USER_ID = 3;

/** One person: the calls in short, the latest first, and what is remembered. */
export interface CallerReport {
  readonly caller: string;
  readonly call_count: number;
  readonly calls: readonly JsonRow[];
  /** Whether there are more calls than are listed. */
  readonly is_cut: boolean;
  readonly outcomes: readonly Pick<FacetCount, "value" | "calls">[];
  /** `null` if a memory service stores them. */
  readonly memories: readonly Memory[] | null;
}

/**
 * The person in the folder `caller`, who may also be given as a phone number with a plus.
 *
 * @throws {Problem} if there is no call of this person, or the query fails.
 */
export async function callerReport(
  caller: string,
  deps: Pick<ReadDeps, "archive" | "engine" | "queries" | "memories" | "now">,
): Promise<CallerReport> {
  const folder = statedFolder(caller);
  const range = { from: FIRST_DAY, to: utcDate(deps.now()) };
  const rows = jsonRows(await runQuery("caller", { ...range, caller: folder }, deps));
  if (rows.length === 0)
    throw new Problem(
      404,
      "No such caller",
      `There is no call of ${shortened(caller)}: use the caller column of a call.`,
    );
  const facets = jsonRows(await runQuery("facets", filterParameters({ caller: folder }, range), deps));
  const outcomes = facets.filter(({ facet }) => facet === "outcome");
  const count = facets.find(({ facet }) => facet === "all")?.["calls"];
  return {
    caller: folder,
    call_count: Number(count ?? rows.length),
    calls: rows.slice(0, MOST_CALLS),
    is_cut: rows.length > MOST_CALLS,
    outcomes: outcomes.map(({ value = null, calls }) => ({ value, calls: Number(calls) })),
    memories: deps.memories ? await memoriesOfCaller(folder, rows, deps, deps.memories) : null,
  };
}

/** Reads the user id from the index, because a folder of a user id has only the slug of it. */
async function memoriesOfCaller(
  folder: string,
  calls: readonly JsonRow[],
  { archive }: Pick<ReadDeps, "archive">,
  memoriesOf: NonNullable<ReadDeps["memories"]>,
): Promise<Memory[]> {
  if (folder === "anonymous") return [];
  const latest = calls.slice(0, CALLS_WITH_USER_ID).map((call) => String(call["conversation_id"]));
  const found = await Promise.all(latest.map((id) => readIndex(archive, id)));
  const users = new Set(found.flatMap(({ index }) => index.memory?.user_ids ?? []));
  if (/^\d+$/.test(folder)) users.add(`+${folder}`);
  return (await Promise.all([...users].map(memoriesOf))).flat();
}
