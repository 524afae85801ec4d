import pMap from "p-map";
import { conversations } from "../../queries/tables/conversations.ts";
import { rowsIn, UnreadableParquet } from "../../queries/tables/read-parquet.ts";
import { PARTITION } from "../../queries/tables/table.ts";
import { text } from "../call/json.ts";
import { daysWithObjects, type LiveObject, liveObjectsOf } from "../compact/live-objects.ts";
import { readState } from "../compact/state.ts";
import { readIndex } from "../process/conversation-index.ts";
import { checkedClosedDay } from "./closed-day-check.ts";
import { type Finding, type Verified, verified } from "./finding.ts";
import { orphanRows } from "./orphans.ts";
import { isLeased } from "./record-check.ts";
import type { Verifying } from "./verifying.ts";

/** How many conversations of a day are looked up at a time. */
const AT_ONCE = 16;

/**
 * Says of each day that has rows, or is on record as closed, whether its rows belong to something, and whether what is on
 * record of a closed day is what is there. Only the names of one day's objects are held.
 */
export async function* verifyDays(from: Verifying): AsyncGenerator<Verified> {
  const { state } = await readState(from.analytics);
  const days = new Set([...Object.keys(state.days), ...(await daysWithObjects(from.analytics, "", "9999-12-31"))]);
  for (const day of [...days].sort()) {
    const objects = await liveObjectsOf(from.analytics, day);
    const orphans = await orphansOf(day, objects, from);
    const closed = await checkedClosedDay(day, objects, from.analytics);
    yield verified(`${PARTITION.name}=${day}`, [...orphans, ...closed], { days: 1 });
  }
}

/** The live objects of a day that no index says are there. */
async function orphansOf(day: string, objects: readonly LiveObject[], from: Verifying): Promise<Finding[]> {
  const ofConversation = [...Map.groupBy(objects, ({ conversation }) => conversation).values()];
  const found = await pMap(ofConversation, (each) => orphansAmong(day, each, from), { concurrency: AT_ONCE });
  return found.flat();
}

async function orphansAmong(day: string, objects: readonly LiveObject[], from: Verifying): Promise<Finding[]> {
  const conversation = objects[0]?.conversation ?? "";
  const { index } = await readIndex(from.archive, conversation);
  if (index.days.includes(day) || isLeased(index, from.now())) return [];
  const isLost = index.days.length === 0;
  if (isLost && (await hasCall(objects, from))) return [];
  const what = isLost
    ? "are rows of a call that has no index, and whose JSON is not there"
    : `are rows of a call that began on ${index.days.join(", ")} by its index`;
  const heads = await Promise.all(objects.map(({ key }) => from.analytics.head(key)));
  return heads.flatMap((head) => (head ? orphanRows(head.key, what) : []));
}

/** Whether the JSON is there that the call's own row names: then its index is missing, and that is found there. */
async function hasCall(objects: readonly LiveObject[], { archive, analytics }: Verifying): Promise<boolean> {
  const own = objects.find(({ table }) => table.name === conversations.name);
  const object = own && (await analytics.get(own.key));
  if (!object) return false;
  try {
    const [row] = await rowsIn(conversations, object.body);
    const key = text(row?.["raw_key"]);
    return key !== null && (await archive.head(key)) !== undefined;
  } catch (error) {
    if (error instanceof UnreadableParquet) return false;
    throw error;
  }
}
