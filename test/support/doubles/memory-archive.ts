import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { sha256 } from "../../../handlers/call/digest.ts";
import {
  type Archive,
  PreconditionFailed,
  rePutMetadata,
  type StoredObject,
} from "../../../handlers/clients/archive/archive.ts";

/** Creates an archive in memory that fulfils the same contract as the real ones. Tests can read its `objects`. */
export function memoryArchive(): Archive & { readonly objects: ReadonlyMap<string, StoredObject> } {
  const objects = new Map<string, StoredObject>();
  let puts = 0;

  return {
    objects,
    async put(key, from, { metadata = {}, only } = {}) {
      const body = Buffer.from(from instanceof Uint8Array ? from : await buffer(from));
      const current = objects.get(key);
      const isMet = !only || (only === "if-absent" ? !current : current?.etag === only.ifMatch);
      if (!isMet) throw new PreconditionFailed(key);
      puts += 1;
      const stored = { key, size: body.length, etag: sha256(body), version: String(puts), lastModified: new Date() };
      objects.set(key, { ...stored, metadata, body });
      return stored;
    },
    async get(key) {
      return objects.get(key);
    },
    async stream(key, range) {
      const object = objects.get(key);
      return object && Readable.from([range ? object.body.subarray(range.start, range.end + 1) : object.body]);
    },
    async head(key) {
      return objects.get(key);
    },
    async rePut(key, redo) {
      const object = objects.get(key);
      if (!object) return false;
      puts += 1;
      const metadata = rePutMetadata(object.metadata, redo);
      objects.set(key, { ...object, metadata, version: String(puts), lastModified: new Date() });
      return true;
    },
    async delete(key) {
      objects.delete(key);
    },
    async *list(prefix) {
      for (const key of [...objects.keys()].sort()) {
        if (key.startsWith(prefix)) yield { key, size: objects.get(key)?.size ?? 0 };
      }
    },
    async *folders(prefix) {
      const below = [...objects.keys()].filter((key) => key.startsWith(prefix) && key.includes("/", prefix.length));
      yield* new Set(below.sort().map((key) => key.slice(0, key.indexOf("/", prefix.length) + 1)));
    },
  };
}
