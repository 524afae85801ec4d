import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
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

/** The lease is written into the index but never waited for, because the folder lock keeps other processes out. */
const LEASE_SECONDS = 900;

/** The count of quarantined objects is cached for this long. */
const COUNT_MS = 2_000;

/** A command that opens the archive for its work. `readsBlock`: its process waits for each read. */
export interface Opener {
  readonly command: Command;
  readonly readsBlock: boolean;
}

/** The archive of one folder with its processor running: all of it except the HTTP receiver. */
export interface LocalArchive {
  readonly archive: Archive;
  readonly queue: Queue;
  /** The bytes of deliveries that are being received. Large objects are processed when there are few. */
  readonly inFlight: BytesInFlight;
  /** Large objects and compaction take turns, because together they would need twice the memory. */
  readonly large: LargeWork;
  /** Lists the key of each stored object. Between two keys, the process does its other work. */
  storedKeys(): AsyncIterable<string>;
  /** How many dead letters there are. */
  failed(): number;
  /** How many calls wait for a recording that is requested later. They are not pending. */
  waiting(): number;
  /** How many deliveries are quarantined. The count may be a few seconds old. */
  quarantined(): Promise<number>;
  /**
   * Queues the object at `key` if it is not processed, and returns whether it was not. Also queues a call that waited
   * for its recording in an earlier process, to request it again, but returns `false` for it.
   */
  queueIfUnprocessed(key: string): Promise<boolean>;
  /** In a copied folder: records the object at `key` as already processed, if its bytes are those on record. */
  adopt(key: string): Promise<void>;
  /** Stamps the folder when all objects were adopted. From then on, a file with a new time counts as an upload. */
  finishAdopting(): Promise<void>;
  /** Stops when running work has ended, and releases the folder. The next start finds pending objects again. */
  close(): Promise<void>;
}

/**
 * Locks the settings' folder for this process and opens the archive in it.
 *
 * If the folder is a copy and `opener` is set, all objects are adopted first. Without `opener`, the caller must adopt
 * them.
 *
 * @throws FolderInUse
 */
export async function openLocalArchive(
  settings: Settings,
  log: Log,
  now: () => Date,
  opener?: Opener,
): Promise<LocalArchive> {
  const { folder } = settings;
  await using opening = new AsyncDisposableStack();
  const unlock = opening.adopt(await lockFolder(folder, opener?.command), (release) => release());
  await discardPrepared(join(folder, "tmp"));
  let isCopied = await isCopy(folder);
  const { archive, analytics } = folderStores(folder, {
    isCopy: () => isCopied,
    readsBlock: opener?.readsBlock ?? false,
  });
  // A look at an object reads only a few small files, and recovery looks at all objects.
  const looks = folderStores(folder, { isCopy: () => isCopied, readsBlock: true });
  const deadLetters = folderDeadLetters(folder);
  const processDeps = {
    ...(await servicesOf(settings)),
    archive,
    analytics,
    defaultCountryCode: settings.defaultCountryCode,
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

  /** Runs `write` if the folder is a copy and still open. `close` waits for it. */
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
    async *storedKeys() {
      for await (const { key } of looks.archive.list("")) {
        await setImmediate();
        yield key;
      }
    },
    failed: () => deadLetters.count,
    waiting: () => waiting.count,
    quarantined: cachedFor(COUNT_MS, () => countOf(archive, QUARANTINE)),
    async queueIfUnprocessed(key) {
      const found = await checkObject(key, looks.archive, waiting, deadLetters);
      if (found !== "settled") work.add(key);
      return found === "open";
    },
    adopt: (key) => whileOpen(() => adoptObject(key, archive)),
    finishAdopting: () =>
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
  // A new, empty folder is stamped at once.
  if (isCopied && (opener !== undefined || (await isEmpty(archive)))) await adoptEveryObject(local);
  return local;
}

async function adoptEveryObject({ archive, adopt, finishAdopting, close }: LocalArchive): Promise<void> {
  try {
    for await (const { key } of archive.list("")) await adopt(key);
    await finishAdopting();
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
