import pMap from "p-map";
import { INDEX } from "../call/keys.ts";
import type { Archive } from "../clients/archive/archive.ts";
import { REQUESTS_AT_ONCE } from "../clients/archive/archive.ts";
import { readIndex } from "../process/conversation-index.ts";

/** The most indexes that are read for one report: some seconds on this machine. */
const MOST_INDEXES = 20_000;

/** How many calls of a day the archive has, and for how many the step `memory` is done. */
export interface IndexCounts {
  readonly calls: number;
  readonly memories: number;
}

/**
 * The counts of each day, from the indexes of all calls. `undefined` if there are more than `most` indexes. An index
 * that is damaged, and one without a call, is not counted.
 */
export async function indexCounts(
  archive: Pick<Archive, "list" | "get">,
  most = MOST_INDEXES,
): Promise<ReadonlyMap<string, IndexCounts> | undefined> {
  const ids: string[] = [];
  for await (const { key } of archive.list(INDEX)) {
    if (ids.length === most) return undefined;
    ids.push(key.slice(INDEX.length));
  }
  const days = new Map<string, IndexCounts>();
  await pMap(
    ids,
    async (id) => {
      const { home, objects } = (await readIndex(archive, id)).index;
      if (!home) return;
      const { calls, memories } = days.get(home.day) ?? { calls: 0, memories: 0 };
      const isDone = objects[home.key]?.done.includes("memory") === true;
      days.set(home.day, { calls: calls + 1, memories: memories + (isDone ? 1 : 0) });
    },
    { concurrency: REQUESTS_AT_ONCE },
  );
  return days;
}
