import { PACK, PARTITION } from "../../queries/tables/table.ts";
import { readState } from "../compact/state.ts";
import { byHand, findingsAt, type Verified, verified } from "./archive-finding.ts";
import { checkPack, hourName } from "./pack-check.ts";
import { type Attempt, attemptCheck } from "./unless-all-fail.ts";
import type { VerifyDeps } from "./verify-deps.ts";

/** How old a pack must be that nothing names, in milliseconds: no run still writes it. */
const UNNAMED_FROM_MS = 24 * 60 * 60 * 1000;

/**
 * Verifies each recorded pack of these days, and finds packs of closed days that nothing reads or deletes. Those of an
 * open day are deleted when it is closed. Only the names of packs are in memory.
 */
export async function* attemptPacks(isSelected: (day: string) => boolean, deps: VerifyDeps): AsyncGenerator<Attempt> {
  // Read before the listing: what is packed meanwhile is too new to be found.
  const { state } = await readState(deps.analytics);
  const stored = new Map<string, string[]>();
  for await (const { key } of deps.analytics.list("hours/")) {
    const [, name, day = ""] = PACK_IN_KEY.exec(key) ?? [];
    if (name !== undefined && isSelected(day)) stored.set(name, [...(stored.get(name) ?? []), key]);
  }
  for (const [day, hours] of Object.entries(state.hours).filter(([each]) => isSelected(each))) {
    for (const [hour, { pack }] of Object.entries(hours)) {
      const name = packName(day, pack);
      const place = hourName(`${day}/${hour}`);
      const check = async () => checkPack(`${day}/${hour}`, stored.get(name) ?? [], deps.analytics);
      yield await attemptCheck(place, async () => verified(place, await check(), {}));
      stored.delete(name);
    }
  }
  for (const [name, keys] of stored) {
    const day = name.slice(PARTITION.name.length + 1, name.indexOf("/"));
    const isRetired = [`${PARTITION.name}=${day}/`, `${name}/`].some((folder) => folder in state.retired);
    if (day < state.first_live_day && !isRetired) yield await attemptCheck(name, () => verifyUnnamed(name, keys, deps));
  }
}

const PACK_IN_KEY = new RegExp(`^hours/[^/]+/(${PARTITION.name}=([^/]+)/${PACK.name}=\\d+)/`);

/** `dt=YYYY-MM-DD/pack=N`: a pack in findings. */
function packName(day: string, pack: number): string {
  return `${PARTITION.name}=${day}/${PACK.name}=${pack}`;
}

async function verifyUnnamed(name: string, keys: readonly string[], { analytics, now }: VerifyDeps): Promise<Verified> {
  const heads = await Promise.all(keys.map((key) => analytics.head(key)));
  const before = now().getTime() - UNNAMED_FROM_MS;
  const old = heads.flatMap((head) => (head && head.lastModified.getTime() < before ? [head.key] : []));
  const what = `is a pack of a closed day, which no query reads and no run deletes: ${old.join(", ")}`;
  const problem = byHand("packed hour", what, "delete these objects");
  return verified(name, old.length === 0 ? [] : findingsAt(name, [problem]), {});
}
