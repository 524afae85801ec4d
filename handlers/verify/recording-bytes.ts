import { createHash } from "node:crypto";
import { number } from "../call/json.ts";
import type { Archive, ObjectHead } from "../clients/archive/archive.ts";
import { mp3Meter } from "../process/mp3.ts";
import { type ArchiveProblem, byHand, repairableBy } from "./archive-finding.ts";

/**
 * Reads a recording from its first byte to its last, and says what is wrong if it is not what was noted when it was
 * stored: its hash, or the length that its frames add up to. No more of it is held than a chunk. One that was delivered,
 * and whose delivery is still there (`isDelivered`), can be put again from that.
 *
 * One that lies in S3 Glacier cannot be read before somebody restores it: that is a notice.
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
    return [byHand("recording not read", what, `restore ${key} first (docs/operating.md), if it is to be read`)];
  }
  const { durationSecs } = meter.facts();
  const isRight = hash.digest("hex") === metadata["sha256"] && durationSecs === number(metadata["duration-secs"]);
  if (isRight) return [];
  const what = "has a recording beside it that is not what was stored: its bytes were changed";
  if (await isDelivered())
    return [repairableBy("recording", "recording", what, "have it put again as it was delivered (--fix)")];
  return [byHand("recording", what, `restore ${key} from a backup (docs/operating.md), and keep it until then`)];
}

/** What S3 answers when an object in Glacier Flexible Retrieval is asked for (docs.aws.amazon.com, GetObject, 2026-11). */
function isInColdStorage(error: unknown): boolean {
  return error instanceof Error && error.name === "InvalidObjectState";
}
