import { recordings } from "../../queries/tables/recordings.ts";
import { liveKey } from "../../queries/tables/table.ts";
import type { KnownEvent } from "../call/event.ts";
import { at, boolean, number } from "../call/json.ts";
import { mp3Key } from "../call/keys.ts";
import { deliveredAudioKey } from "../call/kinds/audio.ts";
import type { ObjectHead } from "../clients/archive/archive.ts";
import { isFinallyAbsent } from "../process/absent-recording.ts";
import { decodableRecording } from "../process/recording.ts";
import { type ArchiveProblem, byHand, repairable } from "./archive-finding.ts";
import { checkMp3Metadata } from "./metadata-check.ts";
import { checkBytes } from "./recording-bytes.ts";
import type { Subject, VerifyDeps } from "./verify-deps.ts";

/** Where a recording can be restored from. */
type Source = "carried" | "delivered" | "ElevenLabs" | undefined;

/**
 * Returns what is wrong with the MP3 beside a transcription, `mp3`, or with its absence, in `hour`.
 *
 * The MP3 must be there if it was delivered, if the call reports a recording, or if its row records one. It may be
 * absent if its index records why there is none.
 *
 * Its metadata names its source, and processing keeps an MP3 whose metadata has the right hash. So processing repairs a
 * missing or another MP3, but not damaged bytes under the right hash.
 */
export async function checkRecording(
  { name, object, event, index }: Subject<KnownEvent>,
  mp3: ObjectHead | undefined,
  hour: string,
  deps: VerifyDeps,
): Promise<ArchiveProblem[]> {
  // If the recording cannot be decoded, the processor reports that.
  const carried = decodableRecording(event, object.body, "embedded");
  const data = at(event.body.value, "data");

  async function source(): Promise<Source> {
    if (carried) return "carried";
    if (await deps.archive.head(deliveredAudioKey(name.conversation))) return "delivered";
    return deps.fetches && boolean(at(data, "has_audio")) !== false ? "ElevenLabs" : undefined;
  }

  if (!mp3) {
    const known = await source();
    const isPromised = boolean(at(data, "has_audio")) === true;
    const rowKey = liveKey(recordings.name, hour, name.conversation);
    const hasRow = !isPromised && (await deps.analytics.head(rowKey)) !== undefined;
    if (known === "carried") return [lost(known, "the call contains it")];
    // The delivered bytes are not an MP3. That is a finding at their own key.
    if (index.recording?.state === "not_decodable") return [];
    if (known === "delivered") return [lost(known, "it was delivered separately")];
    if (isFinallyAbsent(index.recording)) return [];
    if (isPromised) return [lost(known, "ElevenLabs reports one")];
    return hasRow ? [lost(known, "its row records one")] : [];
  }
  if (mp3.metadata["sha256"] === undefined) return [foreign(await source(), mp3)];
  if (carried && mp3.metadata["source"] === "embedded" && mp3.metadata["sha256"] !== carried.sha256) {
    return [repairable("recording", "has another recording beside it than the one that it contains")];
  }
  const stated = number(at(data, "metadata", "call_duration_secs"));
  const length = implausible(number(mp3.metadata["duration-secs"]), stated, mp3.key);
  const isDelivered = async () => mp3.metadata["source"] !== "api" && isDelivery(await source());
  const bytes = deps.readsRecordings ? await checkBytes(mp3, isDelivered, deps.archive) : [];
  return [...length, ...checkMp3Metadata(mp3), ...bytes];
}

/**
 * Returns a problem if the MP3 of a call is not the recording that was delivered separately in this object. A missing
 * MP3 is a finding of the transcription.
 */
export async function checkDelivery(
  { event, object, index }: Subject<KnownEvent>,
  { archive }: Pick<VerifyDeps, "archive">,
): Promise<ArchiveProblem[]> {
  const mp3 = index.home && (await archive.head(mp3Key(index.home.key)));
  if (mp3?.metadata["source"] !== "webhook") return [];
  const isSameRecording = decodableRecording(event, object.body, "embedded")?.sha256 === mp3.metadata["sha256"];
  return isSameRecording
    ? []
    : [repairable("recording", `is not the recording at ${mp3.key}, although a separate delivery brought that`)];
}

/**
 * Checks that a recording is as long as its call, within ten seconds or a tenth, whichever is more. ElevenLabs counts
 * whole seconds from the connection to its end and promises nothing about the recording. It may leave out the ringing
 * before or the silence after: that is seconds, and grows a little with the call. A larger difference means that the
 * recording was cut, or is of another call. If either length is unknown, there is no finding.
 */
function implausible(seconds: number | null, callSeconds: number | null, key: string): ArchiveProblem[] {
  if (seconds === null || callSeconds === null) return [];
  if (Math.abs(seconds - callSeconds) <= Math.max(10, 0.1 * callSeconds)) return [];
  const what = `lasted ${callSeconds} s, but its recording lasts ${seconds} s`;
  return [byHand("recording", what, `listen to ${key}; if it is wrong, delete it and process the call again`)];
}

function isDelivery(source: Source): boolean {
  return source === "carried" || source === "delivered";
}

function lost(source: Source, because: string): ArchiveProblem {
  const what = `has no recording beside it, though ${because}`;
  if (source) return repairable("recording", what);
  // Without a source, processing would only remove the row of the recording, which is the last that is known of it.
  return byHand(
    "recording",
    what,
    "restore it (docs/operating.md), or fetch it: npm run backfill with ELEVENLABS_API_KEY",
  );
}

function foreign(source: Source, { key, damagedMetadata }: ObjectHead): ArchiveProblem {
  const what =
    damagedMetadata === undefined
      ? "has a recording beside it that the archive did not store: its origin is unknown"
      : "has a recording beside it whose metadata is damaged: its origin is unknown";
  if (isDelivery(source)) return repairable("recording", what);
  const remedy = `keep ${key}, and restore it and its metadata from a backup (docs/operating.md)`;
  return byHand("recording", what, remedy);
}
