import type { KnownEvent } from "../call/event.ts";
import { mp3Key } from "../call/keys.ts";
import { ownRow, recordingRows } from "../call/rows/table-rows.ts";
import { type AbsentRecording, nextFetchTime } from "./absent-recording.ts";
import { deliveredRecording, type RecordingOutcome, storeMp3, storeRecordingOfCall } from "./audio.ts";
import { type ConversationIndex, type Home, hourOfHome, type ObjectRecord } from "./conversation-index.ts";
import { type RowsTarget, replaceRows, type WrittenRows } from "./live-rows.ts";
import { provenanceOf } from "./object-provenance.ts";
import { rowsOfCallAt, rowsTo } from "./row-steps.ts";
import type { IndexChange, Result, Stores, Task } from "./task.ts";
import { orUnprocessable, Unprocessable } from "./unprocessable.ts";

/** The result of the audio step of a call, with why it has no recording. */
type CallResult = Result & { readonly change: { readonly recording: AbsentRecording | undefined } };

/**
 * Stores the recording of a call, and writes the recording's row. If the rows step is already done, the row in
 * `conversations` is written again: it contains why there is no recording.
 */
export async function storeCallAudio(
  task: Task<KnownEvent>,
  index: ConversationIndex,
  stores: Stores,
): Promise<CallResult> {
  const { event, object, remaining, record } = task;
  const to = rowsTo(task, index, stores);
  const call = { event, raw: object.body, key: object.key, receivedAt: new Date(record.received_at) };
  let outcome: RecordingOutcome & Pick<Result, "failure"> = { recordings: 0, absent: index.recording };
  let rows: WrittenRows | undefined;
  try {
    outcome = await storeRecordingOfCall({ ...call, before: index.recording }, stores);
  } catch (error) {
    if (!(error instanceof Unprocessable)) throw error;
    outcome = { recordings: 0, absent: { state: "not_decodable" }, failure: error };
  } finally {
    const mp3 = outcome.mp3 ?? (await stores.archive.head(mp3Key(object.key)));
    if (mp3) outcome = { ...outcome, absent: undefined };
    const own = remaining.includes("rows") ? [] : ownRow(event, provenanceOf(task, index), outcome.absent?.state);
    rows = await replaceRows([...recordingRows(event, mp3), ...own], [], to);
  }
  const { recordings, absent, failure } = outcome;
  return {
    change: { recording: absent, rows: rows?.digests },
    written: { recordings, rows: rows?.count ?? 0 },
    later: nextFetchTime(absent),
    failure,
  };
}

/** Stores the recording in an audio event beside its transcription. Without a transcription it does nothing yet. */
export async function storeDeliveredAudio(
  { event, object, name, record }: Task<KnownEvent>,
  index: ConversationIndex,
  stores: Stores,
): Promise<Result> {
  const { home, hours } = index;
  const recording = orUnprocessable(() => deliveredRecording(event, object.body));
  if (recording instanceof Unprocessable)
    return { failure: recording, ...(home && (await recordUndecodable(home, index, stores))) };
  if (!home) return {};
  const { recordings, mp3 } = await storeMp3(mp3Key(home.key), recording, stores);
  const { analytics, now } = stores;
  const to: RowsTarget = { analytics, now, conversation: name.conversation, hour: hourOfHome(home) };
  const rows = await replaceRows(recordingRows(event, mp3), [], to);
  // A processor that lost its lease may have written the row under the hour before the start was corrected.
  for (const other of hours.filter((each) => each !== to.hour)) {
    await replaceRows(recordingRows(event, undefined), [], { ...to, hour: other });
  }
  const fieldsBefore = index.objects[object.key]?.fields;
  const hasNews = index.recording !== undefined || fieldsBefore !== undefined || record.fields !== undefined;
  const objectsNow = { ...index.objects, [object.key]: record };
  const known = hasNews ? await writeAbsence(undefined, home, { ...index, objects: objectsNow }, stores) : {};
  const objects = withAudioDone(home, index, record);
  return {
    change: { ...known.change, ...objects, rows: { ...rows.digests, ...known.change?.rows } },
    written: { recordings, rows: rows.count + (known.written?.rows ?? 0) },
  };
}

/** Records that the delivered audio of a call is not an MP3, unless it has a recording or one is still requested. */
async function recordUndecodable(home: Home, index: ConversationIndex, stores: Stores): Promise<Result> {
  const state = index.recording?.state;
  if (state === "waiting" || state === "not_decodable" || (await stores.archive.head(mp3Key(home.key)))) return {};
  return writeAbsence({ ...index.recording, state: "not_decodable" }, home, index, stores);
}

/** Records why the call at `home` has no recording, or that it has one, and writes its rows, which contain that. */
async function writeAbsence(
  recording: AbsentRecording | undefined,
  home: Home,
  index: ConversationIndex,
  stores: Stores,
): Promise<Result> {
  const { change, written = {} } = await rowsOfCallAt(home.key, { ...index, recording }, stores);
  return { change: { ...change, recording }, written };
}

/** Completes the audio step of a call that waited for its recording. The call is `overtaken` if the audio event is. */
function withAudioDone({ key }: Home, { objects, recording }: ConversationIndex, by: ObjectRecord): IndexChange {
  const record = objects[key];
  if (!record || recording?.state !== "waiting") return {};
  const done = new Set([...record.done, "audio" as const]);
  return { objects: { ...objects, [key]: { ...record, done: [...done], ...(by.overtaken && { overtaken: true }) } } };
}
