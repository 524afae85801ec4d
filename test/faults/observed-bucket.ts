import type { Archive } from "../../handlers/clients/archive/archive.ts";
import { memoryArchive } from "../support/doubles/memory-archive.ts";

/** A bucket that keeps every version of each object, and notifies of each new `.json`, as the deployed bucket does. */
export interface ObservedBucket extends Archive {
  readonly objects: ReturnType<typeof memoryArchive>["objects"];
  /** The bytes of each put, by key and in their order. */
  readonly versions: ReadonlyMap<string, readonly Buffer[]>;
}

/** Creates an empty bucket. Calls `onCreated` for each `.json` that is put. */
export function observedBucket(onCreated: (key: string) => void): ObservedBucket {
  const archive = memoryArchive();
  const versions = new Map<string, Buffer[]>();

  function notify(key: string) {
    const body = archive.objects.get(key)?.body;
    if (!body || !key.endsWith(".json")) return;
    const before = versions.get(key) ?? [];
    if (!before.at(-1)?.equals(body)) versions.set(key, [...before, body]);
    onCreated(key);
  }

  return {
    ...archive,
    versions,
    async put(key, body, options) {
      const stored = await archive.put(key, body, options);
      notify(key);
      return stored;
    },
    async rePut(key, redo) {
      const isThere = await archive.rePut(key, redo);
      notify(key);
      return isThere;
    },
  };
}
