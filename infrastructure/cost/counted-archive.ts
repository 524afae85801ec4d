import type { Archive } from "../../handlers/clients/archive/archive.ts";

/**
 * Numbers of requests to S3. Deletions are free, and not counted. Those of recordings are separate, because their price
 * depends on the recording's class.
 */
export interface Requests {
  readonly puts: number;
  /** Gets and heads, also of a recording that does not exist. */
  readonly gets: number;
  readonly lists: number;
  readonly recordingPuts: number;
  readonly recordingGets: number;
}

/** No request. */
export const NO_REQUESTS: Requests = { puts: 0, gets: 0, lists: 0, recordingPuts: 0, recordingGets: 0 };

/** The requests so far. */
export interface Counts {
  requests: Requests;
}

/** No requests so far. */
export function newCounts(): Counts {
  return { requests: NO_REQUESTS };
}

/**
 * `archive`, which adds each request to `counts`, as S3 would bill it.
 *
 * A listing is one request: it is meant for few objects. S3 returns a thousand keys in each.
 */
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
  return {
    put(key, body, options) {
      countPut(key);
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
      return archive.list(prefix);
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
    recordingPuts: one.recordingPuts + times * other.recordingPuts,
    recordingGets: one.recordingGets + times * other.recordingGets,
  };
}

/** The number of all requests. */
export function totalRequests({ puts, gets, lists, recordingPuts, recordingGets }: Requests): number {
  return puts + gets + lists + recordingPuts + recordingGets;
}

function isRecording(key: string): boolean {
  return key.endsWith(".mp3");
}
