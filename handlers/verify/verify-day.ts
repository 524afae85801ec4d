import pMap from "p-map";
import { STATE_KEY } from "../../queries/tables/closed-days.ts";
import { conversations } from "../../queries/tables/conversations.ts";
import { rowsIn, UnreadableParquet } from "../../queries/tables/read-parquet.ts";
import { PARTITION } from "../../queries/tables/table.ts";
import { unroutedDeliveries } from "../../queries/tables/unrouted.ts";
import { text } from "../call/json.ts";
import type { Archive } from "../clients/archive/archive.ts";
import { daysWithObjects, type LiveObject, liveObjectsOf, partsOf } from "../compact/live-objects.ts";
import { readState } from "../compact/state.ts";
import { readIndex } from "../process/conversation-index.ts";
import {
  type ArchiveFinding,
  type ArchiveProblem,
  findingsAt,
  repairableBy,
  type Verified,
  verified,
} from "./archive-finding.ts";
import { checkClosedDay } from "./closed-day-check.ts";
import { orphanRows, rowsOfDeleted } from "./orphans.ts";
import { isLeased } from "./record-check.ts";
import { attemptCheck, unlessAllFail } from "./unless-all-fail.ts";
import type { VerifyDeps } from "./verify-deps.ts";
import { attemptPacks } from "./verify-packs.ts";

/** How many conversations of a day are checked at once. */
const AT_ONCE = 16;

/**
 * Verifies each day that has rows or is recorded as closed: whether its rows belong to calls, and whether a closed day
 * is stored as recorded. Then verifies each packed hour. Only the names of one day's objects are in memory.
 */
export async function* verifyDays(deps: VerifyDeps, only?: readonly string[]): AsyncGenerator<Verified> {
  const found = await readState(deps.analytics);
  const stored = await daysWithObjects(deps.analytics, "", "9999-12-31");
  const days = new Set([...Object.keys(found.state.days), ...stored]);
  const problems = await checkState(found, stored, deps.analytics);
  if (problems.length > 0) yield verified(STATE_KEY, findingsAt(STATE_KEY, problems), {});
  yield* unlessAllFail(attempts([...days].sort(), (day) => only?.includes(day) ?? true, deps));
}

async function* attempts(days: readonly string[], isSelected: (day: string) => boolean, deps: VerifyDeps) {
  for (const day of days.filter(isSelected)) yield await attemptCheck(keyOf(day), () => verifyDay(day, deps));
  yield* attemptPacks(isSelected, deps);
}

async function verifyDay(day: string, deps: VerifyDeps): Promise<Verified> {
  const objects = await liveObjectsOf(deps.analytics, day);
  const orphans = await orphansOf(objects, deps);
  const closed = await checkClosedDay(day, objects, deps.analytics);
  return verified(keyOf(day), [...orphans, ...closed], { days: 1 });
}

function keyOf(day: string): string {
  return `${PARTITION.name}=${day}`;
}

/**
 * Returns a problem if the state is damaged or missing. Without a state no day counts as closed, which is right if
 * there are no parts.
 */
async function checkState(
  { etag, isDamaged }: Awaited<ReturnType<typeof readState>>,
  days: readonly string[],
  analytics: Pick<Archive, "list">,
): Promise<ArchiveProblem[]> {
  if (etag !== undefined && !isDamaged) return [];
  if (!isDamaged && !(await hasParts(days, analytics))) return [];
  const what = `is ${isDamaged ? "damaged" : "missing"}: the closed days are not known, and all days are read live`;
  return [repairableBy("all days", "closed day", what, "rebuild it (--fix, or npm run compact)")];
}

async function hasParts(days: readonly string[], analytics: Pick<Archive, "list">): Promise<boolean> {
  for (const day of days) if ((await partsOf(analytics, day)).length > 0) return true;
  return false;
}

/** The live objects of a day that no index records. */
async function orphansOf(objects: readonly LiveObject[], deps: VerifyDeps): Promise<ArchiveFinding[]> {
  const ofConversation = [...Map.groupBy(objects, ({ conversation }) => conversation).values()];
  const found = await pMap(ofConversation, (each) => orphansAmong(each, deps), { concurrency: AT_ONCE });
  return found.flat();
}

async function orphansAmong(objects: readonly LiveObject[], deps: VerifyDeps): Promise<ArchiveFinding[]> {
  const conversation = objects[0]?.conversation ?? "";
  const { index, isDamaged } = await readIndex(deps.archive, conversation);
  // A damaged index has its own finding. Its repair also rebuilds its hours.
  const unknown = objects.filter(({ hour }) => !index.hours.includes(hour));
  if (isDamaged || unknown.length === 0 || isLeased(index, deps.now())) return [];
  const isLost = index.hours.length === 0;
  if (isLost && !index.deleted && (await hasCall(objects, deps))) return [];
  const heads = await Promise.all(unknown.map(({ key }) => deps.analytics.head(key)));
  const present = heads.flatMap((head) => (head ? [head.key] : []));
  if (index.deleted) return present.flatMap(rowsOfDeleted);
  const what = isLost
    ? "are rows of a call that has neither an index nor JSON"
    : `are rows of a call that began on ${index.hours.join(", ")} by its index`;
  return present.flatMap((key) => orphanRows(key, what));
}

/**
 * Whether the JSON that the call's own row names is there. Then only its index is missing, which is a finding of the
 * JSON.
 */
async function hasCall(objects: readonly LiveObject[], { archive, analytics }: VerifyDeps): Promise<boolean> {
  const own = objects.find(({ table }) => table.name === conversations.name || table.name === unroutedDeliveries.name);
  const object = own && (await analytics.get(own.key));
  if (!object) return false;
  try {
    const [row] = await rowsIn(own.table, object.body);
    const key = text(row?.["raw_key"]);
    return key !== null && (await archive.head(key)) !== undefined;
  } catch (error) {
    if (error instanceof UnreadableParquet) return false;
    throw error;
  }
}
