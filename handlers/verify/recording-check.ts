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

/** Where a recording can be had from again. */
type Source = "carried" | "delivered apart" | "ElevenLabs" | undefined;

/**
 * What is wrong with the MP3 beside a transcription, `mp3`, or with there being none, on `day`.
 *
 * It is to be there if one was delivered, if the call says that there is one, or if its row says that there was one;
 * not if its index says why there is none.
 * Where it came from is in its metadata, and processing keeps what has the right hash there: so what can be made anew
 * is repaired by processing, and bytes that went bad under a right hash are not.
 */
export async function checkRecording(
  { name, object, event, index }: Subject<KnownEvent>,
  mp3: ObjectHead | undefined,
  day: string,
  deps: VerifyDeps,
): Promise<ArchiveProblem[]> {
  // What cannot be decoded is the processor's to tell.
  const carried = decodableRecording(event, object.body, "embedded");
  const data = at(event.body.value, "data");

  async function source(): Promise<Source> {
    if (carried) return "carried";
    if (await deps.archive.head(deliveredAudioKey(name.conversation))) return "delivered apart";
    return deps.fetches && boolean(at(data, "has_audio")) !== false ? "ElevenLabs" : undefined;
  }

  if (!mp3) {
    const known = await source();
    const isPromised = boolean(at(data, "has_audio")) === true;
    const rowKey = liveKey(recordings.name, day, name.conversation);
    const hasRow = !isPromised && (await deps.analytics.head(rowKey)) !== undefined;
    if (known === "carried") return [lost(known, "the call carries it")];
    // What was delivered is no MP3, and is found at its own key.
    if (index.recording?.state === "not_decodable") return [];
    if (known === "delivered apart") return [lost(known, "it was delivered apart")];
    if (isFinallyAbsent(index.recording)) return [];
    if (isPromised) return [lost(known, "ElevenLabs says that there is one")];
    return hasRow ? [lost(known, "its row says that there was one")] : [];
  }
  if (mp3.metadata["sha256"] === undefined) return [other(await source(), mp3)];
  if (carried && mp3.metadata["source"] === "embedded" && mp3.metadata["sha256"] !== carried.sha256) {
    return [repairable("recording", "has another recording beside it than the one that it carries")];
  }
  const stated = number(at(data, "metadata", "call_duration_secs"));
  const length = implausible(number(mp3.metadata["duration-secs"]), stated, mp3.key);
  const isDelivered = async () => mp3.metadata["source"] !== "api" && isDelivery(await source());
  const bytes = deps.readsRecordings ? await checkBytes(mp3, isDelivered, deps.archive) : [];
  return [...length, ...checkMp3Metadata(mp3), ...bytes];
}

/**
 * What is wrong with the MP3 of a call whose audio was delivered apart, as far as only that delivery can tell: whether
 * it is the one. A missing one is the transcription's matter.
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
    : [repairable("recording", `is not the recording at ${mp3.key}, though that came with it`)];
}

/**
 * A recording is as long as its call within ten seconds or a tenth, whichever is more. ElevenLabs counts whole seconds
 * from the connection to its end and promises nothing about the recording, which may leave out the ringing before or
 * the silence after it: that is seconds, and grows a little with the call. What is further off was cut short or is of
 * another call. Where either length is unknown, nothing is said.
 */
function implausible(seconds: number | null, callSeconds: number | null, key: string): ArchiveProblem[] {
  if (seconds === null || callSeconds === null) return [];
  if (Math.abs(seconds - callSeconds) <= Math.max(10, 0.1 * callSeconds)) return [];
  const what = `took ${callSeconds} s, and its recording takes ${seconds} s`;
  return [byHand("recording", what, `listen to ${key}; if it is wrong, delete it and process the call again`)];
}

function isDelivery(source: Source): boolean {
  return source === "carried" || source === "delivered apart";
}

function lost(source: Source, because: string): ArchiveProblem {
  const what = `has no recording beside it, though ${because}`;
  if (source) return repairable("recording", what);
  // Without a source, processing would only take the row of the recording away, which is the last that is known of it.
  return byHand(
    "recording",
    what,
    "restore it (docs/operating.md), or fetch it: npm run backfill with ELEVENLABS_API_KEY",
  );
}

function other(source: Source, { key, damagedMetadata }: ObjectHead): ArchiveProblem {
  const what =
    damagedMetadata === undefined
      ? "has a recording beside it that the archive did not store: nothing says what it is or where it is from"
      : "has a recording beside it whose metadata is damaged: nothing says what it is or where it is from";
  if (isDelivery(source)) return repairable("recording", what);
  const remedy = `keep ${key}, and restore it and its metadata from a backup (docs/operating.md)`;
  return byHand("recording", what, remedy);
}
