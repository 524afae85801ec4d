import type { Archive } from "../../handlers/clients/archive/archive.ts";
import { storageClassOf } from "../../handlers/clients/archive/storage-class.ts";

/**
 * Numbers of requests to S3. Deletions are free, and not counted. Those of recordings are separate, because their price
 * depends on the recording's class.
 */
export interface Requests {
  readonly puts: number;
  /** Gets and heads, also of a recording that does not exist. */
  readonly gets: number;
  readonly lists: number;
  /** The keys in listings: after a thousand of them S3 needs another request. */
  readonly listedKeys: number;
  readonly recordingPuts: number;
  readonly recordingGets: number;
}

/** No request. */
export const NO_REQUESTS: Requests = { puts: 0, gets: 0, lists: 0, listedKeys: 0, recordingPuts: 0, recordingGets: 0 };

/** The requests so far, and the class into which S3 would have put the last recording. */
export interface Counts {
  requests: Requests;
  recordingClass: RecordingClass;
}

/** The classes into which recordings are put. */
export type RecordingClass = ReturnType<typeof storageClassOf>;

/** No requests so far. */
export function newCounts(): Counts {
  return { requests: NO_REQUESTS, recordingClass: "STANDARD" };
}

/** `archive`, which adds each request to `counts`, as S3 would bill it. A listing is one request. */
export function countedArchive(archive: Archive, counts: Counts): Archive {
  const count = (kind: keyof Requests) => {
    counts.requests = { ...counts.requests, [kind]: counts.requests[kind] + 1 };
  };
  async function countGet<Found>(key: string, found: Promise<Found | undefined>): Promise<Found | undefined> {
    const result = await found;
    count(isRecording(key) && result !== undefined ? "recordingGets" : "gets");
    return result;
  }
  const countPut = (key: string) => count(isRecording(key) ? "recordingPuts" : "puts");
  async function* countKeys(listing: ReturnType<Archive["list"]>) {
    for await (const each of listing) {
      count("listedKeys");
      yield each;
    }
  }
  return {
    put(key, body, options) {
      countPut(key);
      if (isRecording(key)) counts.recordingClass = storageClassOf(options?.coldBytes);
      return archive.put(key, body, options);
    },
    get: (key) => countGet(key, archive.get(key)),
    stream: (key) => countGet(key, archive.stream(key)),
    head: (key) => countGet(key, archive.head(key)),
    async rePut(key, redo) {
      await countGet(key, archive.head(key));
      countPut(key);
      return archive.rePut(key, redo);
    },
    delete: (key) => archive.delete(key),
    list(prefix) {
      count("lists");
      return countKeys(archive.list(prefix));
    },
    folders(prefix) {
      count("lists");
      return archive.folders(prefix);
    },
  };
}

/** The sum of `one` and `times` the requests of `other`. */
export function addedRequests(one: Requests, other: Requests, times = 1): Requests {
  return {
    puts: one.puts + times * other.puts,
    gets: one.gets + times * other.gets,
    lists: one.lists + times * other.lists,
    listedKeys: one.listedKeys + times * other.listedKeys,
    recordingPuts: one.recordingPuts + times * other.recordingPuts,
    recordingGets: one.recordingGets + times * other.recordingGets,
  };
}

/** The number of all requests. */
export function totalRequests(requests: Requests): number {
  const { puts, gets, recordingPuts, recordingGets } = requests;
  return puts + gets + billedLists(requests) + recordingPuts + recordingGets;
}

/** The keys that S3 returns for one list request. */
const KEYS_OF_LIST = 1_000;

/** The list requests, with those for further keys. */
export function billedLists({ lists, listedKeys }: Requests): number {
  return lists + listedKeys / KEYS_OF_LIST;
}

function isRecording(key: string): boolean {
  return key.endsWith(".mp3");
}
