import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { parsedKey } from "../../handlers/call/keys.ts";
import type { Archive } from "../../handlers/clients/archive.ts";
import { discardPrepared } from "../../handlers/clients/atomic-file.client.ts";
import { elevenLabsRecordings } from "../../handlers/clients/elevenlabs-recordings.client.ts";
import { folderArchive } from "../../handlers/clients/folder-archive.client.ts";
import { type Log, masked, messageOf } from "../../handlers/clients/log.ts";
import { folderMemories } from "../../handlers/clients/memory-folder.client.ts";
import { readIndex } from "../../handlers/process/conversation-index.ts";
import { standingOf } from "../../handlers/process/is-processed.ts";
import { isFinal, type Processing, processObject } from "../../handlers/process/process.ts";
import { type DeadLetters, folderDeadLetters } from "./dead-letters.client.ts";
import { type Command, lockFolder } from "./folder-lock.client.ts";
import { type Queue, queue } from "./queue.ts";
import type { Settings } from "./settings.ts";
import { type WaitingCalls, waitingCalls } from "./waiting-calls.ts";

/** Enough to keep two cores busy while some calls wait for a service. */
const CONCURRENCY = 4;

/** Half a second, doubled each time: eight tries in about a minute. */
const BACKOFF_MS = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000];

/** Noted in the index, and not waited for: nobody else works in this folder. */
const LEASE_SECONDS = 900;

/** The archive of one folder with its processor at work: all of it but the door. */
export interface LocalArchive {
  readonly archive: Archive;
  readonly queue: Queue;
  /** How many objects were given up on. */
  failed(): number;
  /** How many calls wait for a recording that is asked for later. They are not pending. */
  waiting(): number;
  /**
   * Queues the object at `key` if it is one to process and was not yet, and says whether it did. A call that an earlier
   * process left waiting for its recording is queued, too, to ask for it: that is no leftover.
   */
  offer(key: string): Promise<boolean>;
  /** Ends what is running and gives the folder back. What is pending is found again at the next start. */
  close(): Promise<void>;
}

/**
 * Opens the archive in the settings' folder and takes it for this process.
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
  const archive = folderArchive(folder, "archive");
  const deadLetters = folderDeadLetters(folder);
  const processing = { ...(await storesOf(settings, archive)), leasing: leasing(), asksEarly: true, now };
  const waiting: WaitingCalls = waitingCalls(now, (key) => work.add(key));
  const work = workQueue(processing, waiting, deadLetters, log);
  return {
    archive,
    queue: work,
    failed: () => deadLetters.count,
    waiting: () => waiting.count,
    async offer(key) {
      const found = await lookAt(key, archive, waiting, deadLetters);
      if (found !== "settled") work.add(key);
      return found === "open";
    },
    async close() {
      await work.stop();
      waiting.stop();
      await unlock();
    },
  };
}

async function storesOf({ folder, mem0, elevenLabs }: Settings, archive: Archive) {
  return {
    archive,
    analytics: folderArchive(folder, "analytics"),
    memories: mem0 ? await mem0MemoriesOf(mem0) : folderMemories(folder),
    recordings: elevenLabs && elevenLabsRecordings(elevenLabs),
  };
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

/** Loaded only where it is used: Mem0's library takes a noticeable part of the start. */
async function mem0MemoriesOf(options: NonNullable<Settings["mem0"]>) {
  const { mem0Memories } = await import("../../handlers/clients/mem0.client.ts");
  return mem0Memories(options);
}

function leasing() {
  return { holder: randomUUID(), seconds: LEASE_SECONDS, alone: true };
}

function workQueue(processing: Processing, waiting: WaitingCalls, deadLetters: DeadLetters, log: Log): Queue {
  const { archive, now } = processing;

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
      const result = await processObject(key, processing);
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
