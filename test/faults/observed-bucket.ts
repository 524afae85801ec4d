import type { Archive } from "../../handlers/clients/archive/archive.ts";
import { memoryArchive } from "../support/doubles/memory-archive.ts";

/** A bucket that keeps every version of what was put there, and tells of new ones, as S3 does of `.json` alone. */
export interface ObservedBucket extends Archive {
  readonly objects: ReturnType<typeof memoryArchive>["objects"];
  /** By key, the bytes of each put, in their order. */
  readonly versions: ReadonlyMap<string, readonly Buffer[]>;
}

/** An empty bucket; `onCreated` is told of each `.json` that is put there. */
export function observedBucket(onCreated: (key: string) => void): ObservedBucket {
  const archive = memoryArchive();
  const versions = new Map<string, Buffer[]>();

  function noted(key: string) {
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
      noted(key);
      return stored;
    },
    async rePut(key, redo) {
      const isThere = await archive.rePut(key, redo);
      noted(key);
      return isThere;
    },
  };
}
