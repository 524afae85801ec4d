import { sha256Once } from "../call/digest.ts";
import type { KnownEvent } from "../call/event.ts";
import { mp3Key, type RawKey } from "../call/keys.ts";
import type { Step } from "../call/kinds/kind.ts";
import { hourOfRows, isKnown, KINDS } from "../call/kinds/registry.ts";
import type { StoredObject } from "../clients/archive/archive.ts";
import { endOfCall, lastFetchTime } from "../process/absent-recording.ts";
import { type ConversationIndex, type FoundIndex, hourOnRecord, readIndex } from "../process/conversation-index.ts";
import { remainingSteps, waitsUntil } from "../process/object-record.ts";
import {
  type ArchiveProblem,
  byHand,
  type Counts,
  findingsAt,
  inWork,
  type Verified,
  verified,
} from "./archive-finding.ts";
import { checkBody } from "./body-check.ts";
import { checkDeletion } from "./deletion-check.ts";
import { eventAtKey } from "./event-at-key.ts";
import { checkMemories } from "./memory-check.ts";
import { checkMetadata } from "./metadata-check.ts";
import { checkRecord, hasTheRows, isLeased, unprocessed, waiting } from "./record-check.ts";
import { checkDelivery, checkRecording } from "./recording-check.ts";
import { checkRows, expectedRows, isOfRecordings } from "./rows-check.ts";
import { checkSignature } from "./signature-check.ts";
import { GRACE_MS, type Subject, type VerifyDeps } from "./verify-deps.ts";

interface CheckResult {
  readonly problems: readonly ArchiveProblem[];
  readonly counts: Partial<Counts>;
}

/** How long audio may wait for its call before that is a notice. */
const WAITING_MS = 24 * 60 * 60 * 1000;

/**
 * Verifies the object at `key`, and everything that was made from it; `undefined` if it is gone.
 *
 * Recomputes from the stored bytes whatever it can: the signature, the rows, the recording, and the user of the
 * memories. Reports findings only if no process works on the conversation and nothing changed meanwhile.
 */
export async function verifyObject(key: string, name: RawKey, deps: VerifyDeps): Promise<Verified | undefined> {
  const object = await deps.archive.get(key);
  if (!object) return undefined;
  const found = await readIndex(deps.archive, name.conversation);
  const { problems, counts } = await checkObject(name, object, found.index, deps);
  if (problems.length > 0 && (await isInWork(name, object, problems, found, deps))) return inWork(key);
  return verified(key, findingsAt(key, problems), { objects: 1, ...counts });
}

/** Checks an object. If its bytes are wrong, only that is reported, because its outputs are wrong, too. */
async function checkObject(
  name: RawKey,
  stored: StoredObject,
  index: ConversationIndex,
  deps: VerifyDeps,
): Promise<CheckResult> {
  const hash = sha256Once(stored.body);
  const record = index.objects[stored.key];
  const areOnRecord = record && record.sha256 === hash;
  const object = deps.isCopy && areOnRecord ? { ...stored, version: record.version } : stored;
  const undeleted = checkDeletion(object, index);
  if (undeleted) return { problems: [undeleted], counts: {} };

  const signature = await checkSignature(object, areOnRecord, deps.secrets);
  const metadata = await checkMetadata(object, areOnRecord ? record : undefined, deps.secrets);
  const counts = { signed: signature.state === "valid" ? 1 : 0, unsigned: signature.state === "none" ? 1 : 0 };
  const body = checkBody({ name, object, sha256: hash, record }, signature);
  if (!body.canCheckFurther) return { problems: body.problems, counts };

  const { event, problems: ofKey } = eventAtKey(name, object, deps.defaultCountryCode);
  if (!event) return { problems: [...body.problems, ...ofKey], counts };

  const remaining = remainingSteps(name.kind, object, hash, record);
  const isWaiting = record && isKnown(event) && waitsUntil(object, remaining, index) !== undefined;
  const undone = isWaiting
    ? waiting(index, lastFetchTime(endOfCall(event, new Date(record.received_at))), deps.now())
    : unprocessed(object, hash, record, remaining);
  const ofObject = [...body.problems, ...ofKey, ...metadata];
  if (!record || !areOnRecord) return { problems: [...ofObject, ...undone], counts };

  const made = await checkOutputs({ name, object, event, index, record, remaining }, deps);
  const problems = [...ofObject, ...undone, ...made.problems];
  return { problems, counts: { ...counts, ...made.counts } };
}

/** Compares the outputs of an object with the expected ones, step by step, if the step is done. */
async function checkOutputs(subject: Subject, deps: VerifyDeps): Promise<CheckResult> {
  const { name, object, event, index, record, remaining } = subject;
  const { role, steps, expects } = KINDS[name.kind];
  const isDone = (step: Step) => !remaining.includes(step);
  if (role === "beside") {
    const isDelivery = expects.recording === "delivered" && isAboutKnown(subject);
    return { problems: isDelivery ? await checkAudioObject(subject, deps) : [], counts: {} };
  }
  const hasRows = hasTheRows(name, object.key, index);
  const hour = hourOnRecord(index, hourOfRows(name.kind, event, new Date(record.received_at)));
  const onRecord = isDone("rows") ? await checkRecord(subject, hasRows ? hour : undefined, deps.archive) : [];
  if (!hasRows) return { problems: onRecord, counts: {} };

  const known = isAboutKnown(subject) ? subject : undefined;
  const recorded = expects.recording === "beside it" ? known : undefined;
  const mp3 = recorded ? await deps.archive.head(mp3Key(object.key)) : undefined;
  const recording = recorded && isDone("audio") ? await checkRecording(recorded, mp3, hour, deps) : [];
  const isRecordingRight = isDone("audio") && recording.every(({ kind }) => kind !== "recording");
  const rows = isDone("rows")
    ? await checkRows(
        expectedRows(subject, mp3),
        hour,
        name.conversation,
        (table) => isRecordingRight || !isOfRecordings(table),
        index.rows,
        deps.analytics,
      )
    : { problems: [], rows: 0 };
  const remembered =
    known && steps.includes("memory") && deps.remembers && isDone("memory")
      ? await checkMemories(known, deps)
      : { problems: [], memories: 0 };
  const recordings = mp3 && isRecordingRight ? 1 : 0;
  return {
    problems: [...onRecord, ...recording, ...rows.problems, ...remembered.problems],
    counts: {
      recordings,
      unread: deps.readsRecordings ? 0 : recordings,
      rows: rows.rows,
      memories: remembered.memories,
    },
  };
}

async function checkAudioObject(subject: Subject<KnownEvent>, deps: VerifyDeps): Promise<readonly ArchiveProblem[]> {
  const { object, index } = subject;
  if (index.home) return subject.remaining.length === 0 ? checkDelivery(subject, deps) : [];
  if (object.lastModified.getTime() + WAITING_MS > deps.now().getTime()) return [];
  const remedy = "npm run backfill fetches the call, if ElevenLabs still has it; audio is kept for 30 days on AWS";
  return [byHand("waiting audio", "waits for its call, which has not arrived for a day", remedy)];
}

function isAboutKnown(subject: Subject): subject is Subject<KnownEvent> {
  return isKnown(subject.event);
}

/**
 * Whether a finding may only be temporary. A promised recording comes in a separate webhook, and a new upload waits for
 * processing.
 */
async function isInWork(
  { conversation }: RawKey,
  object: StoredObject,
  problems: readonly ArchiveProblem[],
  { index, etag }: FoundIndex,
  { archive, now }: VerifyDeps,
): Promise<boolean> {
  const isYoung = object.lastModified.getTime() + GRACE_MS > now().getTime();
  if (isYoung && problems.some(({ kind }) => kind === "unprocessed" || kind === "recording")) return true;
  if (isLeased(index, now())) return true;
  const head = await archive.head(object.key);
  return head?.version !== object.version || (await readIndex(archive, conversation)).etag !== etag;
}
