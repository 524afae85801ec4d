import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { QUARANTINE } from "../../handlers/call/kinds/unrouted.ts";
import { type Archive, isEmpty } from "../../handlers/clients/archive/archive.ts";
import { discardPrepared } from "../../handlers/clients/archive/atomic-file.client.ts";
import { elevenLabsRecordings } from "../../handlers/clients/elevenlabs/elevenlabs-recordings.client.ts";
import type { Log } from "../../handlers/clients/observability/log.ts";
import { adoptObject } from "./adopt-object.ts";
import { type BytesInFlight, bytesInFlight } from "./bytes-in-flight.ts";
import { cachedFor } from "./cached-for.ts";
import { folderDeadLetters } from "./dead-letters.client.ts";
import { type Command, lockFolder } from "./folder-lock.client.ts";
import { memoriesOf } from "./folder-memories.ts";
import { isCopy, stampFolder } from "./folder-stamp.client.ts";
import { folderStores } from "./folder-stores.ts";
import { type LargeWork, largeWork } from "./large-work.ts";
import type { Queue } from "./queue.ts";
import type { Settings } from "./settings.ts";
import { type WaitingCalls, waitingCalls } from "./waiting-calls.ts";
import { checkObject, workQueue } from "./work-queue.ts";

/** Noted in the index, and not waited for: nobody else works in this folder. */
const LEASE_SECONDS = 900;

/** What is quarantined is counted no more often than this, however often somebody asks. */
const COUNT_MS = 2_000;

/** The archive of one folder with its processor at work: all of it except the HTTP receiver. */
export interface LocalArchive {
  readonly archive: Archive;
  readonly queue: Queue;
  /** Of the deliveries that are being received: large objects wait until there are few. */
  readonly inFlight: BytesInFlight;
  /** Processing large objects and compacting take turns: together they would take twice the memory. */
  readonly large: LargeWork;
  /** How many objects were dead-lettered. */
  failed(): number;
  /** How many calls wait for a recording that is asked for later. They are not pending. */
  waiting(): number;
  /** How many deliveries are quarantined, as of some seconds ago at most. */
  quarantined(): Promise<number>;
  /**
   * Queues the object at `key` if it still has to be processed, and returns whether it did. A call that an earlier
   * process left waiting for its recording is queued, too, to ask for it: that is no leftover.
   */
  queueIfUnprocessed(key: string): Promise<boolean>;
  /** Where the folder is a copy: takes the object at `key` for the upload on record if it has its bytes. */
  adopt(key: string): Promise<void>;
  /** Says that all objects were adopted: from now on a file with another time was touched by a person. */
  markAdopted(): Promise<void>;
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
  await using opening = new AsyncDisposableStack();
  const unlock = opening.adopt(await lockFolder(folder, command), (release) => release());
  await discardPrepared(join(folder, "tmp"));
  let isCopied = await isCopy(folder);
  const { archive, analytics } = folderStores(folder, { isCopy: () => isCopied });
  const deadLetters = folderDeadLetters(folder);
  const processDeps = {
    ...(await servicesOf(settings)),
    archive,
    analytics,
    leaseOptions: leaseOptions(),
    fetchesEarly: true,
    now,
  };
  const inFlight = bytesInFlight(settings.maxBytesInFlight);
  const large = largeWork();
  const waiting: WaitingCalls = waitingCalls(now, (key) => work.add(key));
  const work = workQueue(processDeps, waiting, deadLetters, { inFlight, large }, log);
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
    large,
    failed: () => deadLetters.count,
    waiting: () => waiting.count,
    quarantined: cachedFor(COUNT_MS, () => countOf(archive, QUARANTINE)),
    async queueIfUnprocessed(key) {
      const found = await checkObject(key, archive, waiting, deadLetters);
      if (found !== "settled") work.add(key);
      return found === "open";
    },
    adopt: (key) => whileOpen(() => adoptObject(key, archive)),
    markAdopted: () =>
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
  opening.move();
  // A new folder is stamped at once.
  if (isCopied && (command !== undefined || (await isEmpty(archive)))) await adoptEveryObject(local);
  return local;
}

async function adoptEveryObject({ archive, adopt, markAdopted, close }: LocalArchive): Promise<void> {
  try {
    for await (const { key } of archive.list("")) await adopt(key);
    await markAdopted();
  } catch (error) {
    await close();
    throw error;
  }
}

async function servicesOf(settings: Settings) {
  const { elevenLabs } = settings;
  return {
    memories: await memoriesOf(settings),
    recordings: elevenLabs && elevenLabsRecordings(elevenLabs),
  };
}

async function countOf(archive: Pick<Archive, "list">, prefix: string): Promise<number> {
  let count = 0;
  for await (const _ of archive.list(prefix)) count += 1;
  return count;
}

function leaseOptions() {
  return { holder: randomUUID(), seconds: LEASE_SECONDS, isExclusive: true };
}
