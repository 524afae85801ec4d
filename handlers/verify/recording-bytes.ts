import { createHash } from "node:crypto";
import { number } from "../call/json.ts";
import type { Archive, ObjectHead } from "../clients/archive/archive.ts";
import { mp3Meter } from "../process/mp3.ts";
import { type ArchiveProblem, byHand, repairableBy } from "./archive-finding.ts";

/**
 * Reads a recording from its first byte to its last, and returns a problem if its hash or its length differs from what
 * was recorded when it was stored. Holds one chunk in memory at a time. A recording whose delivery is still stored
 * (`isDelivered`) can be restored from that.
 *
 * A recording in S3 Glacier cannot be read until a person restores it: that is a notice.
 */
export async function checkBytes(
  { key, metadata }: ObjectHead,
  isDelivered: () => Promise<boolean>,
  archive: Pick<Archive, "stream">,
): Promise<ArchiveProblem[]> {
  const hash = createHash("sha256");
  const meter = mp3Meter();
  try {
    for await (const chunk of (await archive.stream(key)) ?? []) {
      hash.update(chunk);
      meter.push(chunk);
    }
  } catch (error) {
    if (!isInColdStorage(error)) throw error;
    const what = "has a recording in cold storage, which was not read";
    return [byHand("recording not read", what, `to check it, restore ${key} first (docs/operating.md)`)];
  }
  const { durationSecs } = meter.facts();
  const isRight = hash.digest("hex") === metadata["sha256"] && durationSecs === number(metadata["duration-secs"]);
  if (isRight) return [];
  const what = "has a recording beside it that is not what was stored: its bytes were changed";
  if (await isDelivered())
    return [repairableBy("recording", "recording", what, "restore it from its delivery (--fix)")];
  return [byHand("recording", what, `restore ${key} from a backup (docs/operating.md), and keep it until then`)];
}

/**
 * Whether S3 refused to return an object because it is in Glacier Flexible Retrieval (docs.aws.amazon.com, GetObject,
 * 2026-11).
 */
function isInColdStorage(error: unknown): boolean {
  return error instanceof Error && error.name === "InvalidObjectState";
}
