import { at, text } from "../../handlers/call/json.ts";
import { parsedKey } from "../../handlers/call/keys.ts";
import { slugged } from "../../handlers/call/slug.ts";
import { nameInLiveKey } from "../../queries/tables/table.ts";
import type { StoredCall, Violation, WorldState } from "./invariants.ts";

/** Objects and memories without a delivery, and calls in the folder of another caller. */
export function leftOver(
  { bucket, analytics, memories, callers }: WorldState,
  calls: readonly StoredCall[],
): Violation[] {
  const days = new Map(calls.map(({ conversation, day }) => [conversation, day]));
  const unrouted = new Set(
    [...bucket.objects.keys()].filter((key) => parsedKey(key)?.kind === "unrouted").map((key) => slugged(key)),
  );
  const misfiled = calls
    .filter(({ conversation, caller }) => callers.get(conversation) !== caller)
    .map(({ key }): Violation => `misfiled: ${key}`);
  const orphans = [...bucket.objects.keys()]
    .filter((key) => key.endsWith(".mp3") && !bucket.objects.has(key.replace(/\.mp3$/, ".json")))
    .map((key): Violation => `left over: ${key}`);
  const seen = new Set<string>();
  const rows = [...analytics.objects.keys()].flatMap((key): Violation[] => {
    const [, table, day] = /^live\/(\w+)\/dt=([\d-]+)\//.exec(key) ?? [];
    const name = nameInLiveKey(key);
    if (table === undefined) return key.startsWith("compaction/") ? [] : [`left over: ${key}`];
    const isDouble = seen.has(`${table} ${name}`);
    seen.add(`${table} ${name}`);
    const isOurs = table === "unrouted" ? unrouted.has(name) && !isDouble : days.get(name) === day;
    return isOurs ? [] : [`left over: ${key}`];
  });
  const lost = [...unrouted]
    .filter((name) => !seen.has(`unrouted ${name}`))
    .map((name): Violation => `lost: the row of ${name}`);
  const remembered = memories()
    .map(({ metadata }) => text(at(metadata, "conversation_id")) ?? "")
    .filter((conversation) => !days.has(conversation))
    .map((conversation): Violation => `left over: a memory of ${conversation}`);
  return [...misfiled, ...orphans, ...rows, ...lost, ...remembered];
}
