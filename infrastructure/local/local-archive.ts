import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { parsedKey, QUARANTINE } from "../../handlers/call/keys.ts";
import type { Archive } from "../../handlers/clients/archive.ts";
import { discardPrepared } from "../../handlers/clients/atomic-file.client.ts";
import { elevenLabsRecordings } from "../../handlers/clients/elevenlabs-recordings.client.ts";
import { folderArchive } from "../../handlers/clients/folder-archive.client.ts";
import { inTurn } from "../../handlers/clients/in-turn.ts";
import { type Log, masked, messageOf } from "../../handlers/clients/log.ts";
import type { Memories } from "../../handlers/clients/memories.ts";
import { folderMemories } from "../../handlers/clients/memory-folder.client.ts";
import { readIndex } from "../../handlers/process/conversation-index.ts";
import { standingOf } from "../../handlers/process/is-processed.ts";
import { isFinal, type Processing, processObject } from "../../handlers/process/process.ts";
import { adoptObject } from "./adopted-copy.ts";
import { atMostEvery } from "./at-most-every.ts";
import { type BytesInFlight, bytesInFlight } from "./bytes-in-flight.ts";
import { type DeadLetters, folderDeadLetters } from "./dead-letters.client.ts";
import { type Command, lockFolder } from "./folder-lock.client.ts";
import { isCopy, stampFolder } from "./folder-stamp.client.ts";
import { collectGarbage, isLarge } from "./large-objects.ts";
import { type Queue, queue } from "./queue.ts";
import type { Settings } from "./settings.ts";
import { type WaitingCalls, waitingCalls } from "./waiting-calls.ts";

/** Enough to keep two cores busy while some calls wait for a service. */
const CONCURRENCY = 4;

/** Half a second, doubled each time: eight tries in about a minute. */
const BACKOFF_MS = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000];

/** Noted in the index, and not waited for: nobody else works in this folder. */
const LEASE_SECONDS = 900;

/** What is quarantined is counted no more often than this, however often somebody asks. */
const COUNT_MS = 2_000;

/** The archive of one folder with its processor at work: all of it but the door. */
export interface LocalArchive {
  readonly archive: Archive;
  readonly queue: Queue;
  /** Of the deliveries that are being received: large objects wait until there are few. */
  readonly inFlight: BytesInFlight;
  /** How many objects were given up on. */
  failed(): number;
  /** How many calls wait for a recording that is asked for later. They are not pending. */
  waiting(): number;
  /** How many deliveries are quarantined, as of some seconds ago at most. */
  quarantined(): Promise<number>;
  /**
   * Queues the object at `key` if it is one to process and was not yet, and says whether it did. A call that an earlier
   * process left waiting for its recording is queued, too, to ask for it: that is no leftover.
   */
  offer(key: string): Promise<boolean>;
  /** Where the folder is a copy: takes the object at `key` for the upload on record if it has its bytes. */
  adopt(key: string): Promise<void>;
  /** Says that all objects were adopted: from now on a file with another time was touched by a person. */
  adopted(): Promise<void>;
  /** Ends what is running and gives the folder back. What is pending is found again at the next start. */
  close(): Promise<void>;
}

/**
 * Opens the archive in the settings' folder and takes it for this process. In a copied folder a command finds all objects
 * adopted; without one, whoever opened it looks through the objects.
 *
 * @throws FolderInUse if another process has it.
 */
export async function openLocalArchive(
  settings: Settings,
  log: Log,
  now: () => Date,
  command?: Command,
): Promise<LocalArchive> {
  const { folder } = settings;
  const unlock = await lockFolder(folder, command);
  await discardPrepared(join(folder, "tmp"));
  let isCopied = await isCopy(folder);
  const archive = folderArchive(folder, "archive", { isCopy: () => isCopied });
  const deadLetters = folderDeadLetters(folder);
  const processing = { ...(await storesOf(settings, archive)), leasing: leasing(), asksEarly: true, now };
  const inFlight = bytesInFlight(settings.maxBytesInFlight);
  const waiting: WaitingCalls = waitingCalls(now, (key) => work.add(key));
  const work = workQueue(processing, waiting, deadLetters, inFlight, log);
  let isClosed = false;
  let adopting = Promise.resolve();

  /** Writes what adopting a copy takes. Nothing is written after the folder was given back. */
  async function whileOpen(write: () => Promise<void>): Promise<void> {
    if (!isCopied || isClosed) return;
    adopting = write();
    await adopting;
  }

  const local: LocalArchive = {
    archive,
    queue: work,
    inFlight,
    failed: () => deadLetters.count,
    waiting: () => waiting.count,
    quarantined: atMostEvery(COUNT_MS, () => countOf(archive, QUARANTINE)),
    async offer(key) {
      const found = await lookAt(key, archive, waiting, deadLetters);
      if (found !== "settled") work.add(key);
      return found === "open";
    },
    adopt: (key) => whileOpen(() => adoptObject(key, archive)),
    adopted: () =>
      whileOpen(async () => {
        await stampFolder(folder);
        isCopied = false;
      }),
    async close() {
      isClosed = true;
      await adopting.catch(() => {});
      await work.stop();
      waiting.stop();
      await unlock();
    },
  };
  if (isCopied && (command !== undefined || (await isEmpty(archive)))) await adoptAll(local);
  return local;
}

/** Whether nothing is in an archive: a new folder is stamped at once. */
async function isEmpty(archive: Pick<Archive, "list">): Promise<boolean> {
  for await (const _ of archive.list("")) return false;
  return true;
}

async function adoptAll({ archive, adopt, adopted, close }: LocalArchive): Promise<void> {
  try {
    for await (const { key } of archive.list("")) await adopt(key);
    await adopted();
  } catch (error) {
    await close();
    throw error;
  }
}

async function storesOf(settings: Settings, archive: Archive) {
  const { folder, elevenLabs } = settings;
  return {
    archive,
    analytics: folderArchive(folder, "analytics"),
    memories: await memoriesOf(settings),
    recordings: elevenLabs && elevenLabsRecordings(elevenLabs),
  };
}

/** Where callers of an archive in a folder are remembered: in Mem0 if there is a key for it, else in the folder. */
export async function memoriesOf({ folder, mem0 }: Pick<Settings, "folder" | "mem0">): Promise<Memories> {
  return mem0 ? mem0MemoriesOf(mem0) : folderMemories(folder);
}

/**
 * What there is to do for `key`: nothing, also because the object is gone, and then it is no dead letter any longer; or
 * something; or only to ask for a recording, of which this process does not know when. Where that cannot be told,
 * processing finds out, and reports what is wrong.
 */
async function lookAt(
  key: string,
  archive: Archive,
  waiting: WaitingCalls,
  deadLetters: DeadLetters,
): Promise<"settled" | "open" | "to ask for"> {
  try {
    const { state } = await standingOf(key, archive);
    if (state === "open") return state;
    if (state === "processed") waiting.remove(key);
    await deadLetters.remove(key);
    return state === "waiting" && !waiting.has(key) ? "to ask for" : "settled";
  } catch {
    return "open";
  }
}

async function countOf(archive: Pick<Archive, "list">, prefix: string): Promise<number> {
  let count = 0;
  for await (const _ of archive.list(prefix)) count += 1;
  return count;
}

/** Memories in Mem0. Loaded only where it is used: Mem0's library takes a noticeable part of the start. */
export async function mem0MemoriesOf(options: NonNullable<Settings["mem0"]>) {
  const { mem0Memories } = await import("../../handlers/clients/mem0.client.ts");
  return mem0Memories(options);
}

function leasing() {
  return { holder: randomUUID(), seconds: LEASE_SECONDS, alone: true };
}

function workQueue(
  processing: Processing,
  waiting: WaitingCalls,
  deadLetters: DeadLetters,
  { calm }: BytesInFlight,
  log: Log,
): Queue {
  const { archive, now } = processing;
  const oneAtATime = inTurn();

  /** Large objects one at a time, and when few bytes are in flight: memory is for receiving first. */
  async function processed(key: string) {
    const size = (await archive.head(key))?.size ?? 0;
    if (!isLarge(size)) return processObject(key, processing);
    return oneAtATime("large", async () => {
      await calm();
      collectGarbage();
      return processObject(key, processing);
    });
  }

  /** Its call may have waited for this audio, and wait no longer. */
  async function lookAtItsCall(key: string): Promise<void> {
    const { index } = await readIndex(archive, parsedKey(key)?.conversation ?? "");
    if (index.home && waiting.has(index.home.key)) work.add(index.home.key);
  }

  const work = queue({
    concurrency: CONCURRENCY,
    backoffMs: BACKOFF_MS,
    groupOf: (key) => parsedKey(key)?.conversation ?? key,
    isFinal,
    async work(key) {
      // The watch tells of the door's own files, too, often while they are being processed.
      if ((await lookAt(key, archive, waiting, deadLetters)) === "settled") return;
      const result = await processed(key);
      await deadLetters.remove(key);
      const { askAgainAt } = "askAgainAt" in result ? result : {};
      if (askAgainAt) waiting.add(key, askAgainAt);
      if (parsedKey(key)?.kind === "audio") await lookAtItsCall(key);
      const again = askAgainAt && { ask_again_at: askAgainAt.toISOString() };
      log({ event: result.outcome, key: masked(key), ...("steps" in result && { steps: result.steps }), ...again });
    },
    async onFailure(key, error, attempt, retryInMs) {
      const reason = messageOf(error);
      log({
        event: retryInMs === null ? "given up" : "failed",
        key: masked(key),
        attempt,
        reason: masked(reason),
        ...(retryInMs !== null && { retry_in_ms: retryInMs }),
      });
      if (retryInMs !== null) return;
      await deadLetters
        .add({ key, reason, attempts: attempt, given_up_at: now().toISOString() })
        .catch((cause: unknown) => log({ event: "dead letter lost", key: masked(key), reason: masked(String(cause)) }));
    },
  });
  return work;
}
