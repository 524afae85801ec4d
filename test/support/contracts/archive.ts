import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { sha256 } from "../../../handlers/call/digest.ts";
import { type Archive, PreconditionFailed } from "../../../handlers/clients/archive/archive.ts";

const KEY = "16125550100/conv_1.json";

/** The contract of every implementation of `Archive`. */
export function archiveContract(name: string, make: () => Promise<Archive>): void {
  describe(`an archive: ${name}`, () => {
    test("returns the bytes and metadata that were put", async () => {
      const archive = await make();
      const body = Buffer.from([0, 255, 10, 13, 128]);
      const { etag, version } = await archive.put(KEY, body, { metadata: { source: "webhook", "received-at": "now" } });
      const metadata = { source: "webhook", "received-at": "now" };
      expect(await archive.get(KEY)).toMatchObject({ key: KEY, body, size: 5, etag, version, metadata });
      expect(await archive.head(KEY)).toMatchObject({ key: KEY, size: 5, etag, version, metadata });
    });

    test("stores a stream, and returns its bytes as a stream", async () => {
      const archive = await make();
      await archive.put(KEY, Readable.from([Buffer.from("one "), Buffer.from("two")]));
      const stream = await archive.stream(KEY);
      expect(stream && (await buffer(stream)).toString()).toBe("one two");
    });

    test("stores the same with a stated hash and own chunks, and leaves other chunks unchanged", async () => {
      const archive = await make();
      const chunks = () => [Buffer.alloc(100_000, 1), Buffer.alloc(100_000, 2), Buffer.from("end")];
      const body = Buffer.concat(chunks());
      const { etag } = await archive.put(KEY, Readable.from(chunks()));
      const options = { sha256: sha256(body), hasOwnChunks: true };
      const known = await archive.put("other", Readable.from(chunks()), options);
      const whole = await archive.put("whole", body, options);
      expect([known.etag, (await archive.head("whole"))?.etag]).toEqual([etag, whole.etag]);
      for (const key of [KEY, "other", "whole"]) expect((await archive.get(key))?.body.equals(body)).toBe(true);
      const kept = chunks();
      await archive.put(KEY, Readable.from(kept));
      expect([kept, body]).toEqual([chunks(), Buffer.concat(chunks())]);
    });

    test("returns a range of bytes as a stream, with the last one", async () => {
      const archive = await make();
      await archive.put(KEY, Buffer.from("one two three"));
      const stream = await archive.stream(KEY, { start: 4, end: 6 });
      expect(stream && (await buffer(stream)).toString()).toBe("two");
    });

    test("stores nothing of a stream that fails", async () => {
      const archive = await make();
      const broken = Readable.from(
        (async function* () {
          yield Buffer.from("half");
          throw new Error("cut");
        })(),
      );
      await expect(archive.put(KEY, broken)).rejects.toThrow("cut");
      expect(await archive.get(KEY)).toBeUndefined();
    });

    test("returns undefined for a missing object, and deletes it without an error", async () => {
      const archive = await make();
      expect([await archive.get(KEY), await archive.head(KEY), await archive.stream(KEY)]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
      await archive.delete(KEY);
    });

    test("replaces an object and its metadata with the next put", async () => {
      const archive = await make();
      const first = await archive.put(KEY, Buffer.from("a"), { metadata: { source: "webhook" } });
      const second = await archive.put(KEY, Buffer.from("b"), { metadata: {} });
      expect(second.etag).not.toBe(first.etag);
      expect(await archive.get(KEY)).toMatchObject({ body: Buffer.from("b"), metadata: {} });
    });

    test("gives the same bytes the same etag, and every put its own version", async () => {
      const archive = await make();
      const first = await archive.put(KEY, Buffer.from("a"));
      const second = await archive.put(KEY, Buffer.from("a"));
      expect(second.etag).toBe(first.etag);
      expect(second.version).not.toBe(first.version);
    });

    test("with if-absent, refuses to replace an object", async () => {
      const archive = await make();
      await archive.put(KEY, Buffer.from("a"), { only: "if-absent" });
      await expect(archive.put(KEY, Buffer.from("b"), { only: "if-absent" })).rejects.toThrow(PreconditionFailed);
      expect((await archive.get(KEY))?.body.toString()).toBe("a");
    });

    test("with if-absent, refuses to replace an object by a stream of any length", async () => {
      const archive = await make();
      // More than S3 takes in one part.
      const long = () => Readable.from(Array.from({ length: 9 }, (_, n) => Buffer.alloc(1024 * 1024, n)));
      await archive.put(KEY, Buffer.from("a"), { metadata: { source: "webhook" } });
      await expect(archive.put(KEY, long(), { only: "if-absent" })).rejects.toThrow(PreconditionFailed);
      expect(await archive.get(KEY)).toMatchObject({ body: Buffer.from("a"), metadata: { source: "webhook" } });
      await archive.put("other", long(), { only: "if-absent", metadata: { source: "api" } });
      expect(await archive.head("other")).toMatchObject({ size: 9 * 1024 * 1024, metadata: { source: "api" } });
    });

    test("with ifMatch, replaces only an object with the same etag", async () => {
      const archive = await make();
      const { etag } = await archive.put(KEY, Buffer.from("a"));
      await archive.put(KEY, Buffer.from("b"), { only: { ifMatch: etag } });
      await expect(archive.put(KEY, Buffer.from("c"), { only: { ifMatch: etag } })).rejects.toThrow(PreconditionFailed);
      await expect(archive.put("other", Buffer.from("c"), { only: { ifMatch: etag } })).rejects.toThrow(
        PreconditionFailed,
      );
      expect((await archive.get(KEY))?.body.toString()).toBe("b");
    });

    test("accepts one of many conditional puts", async () => {
      const archive = await make();
      const writers = Array.from({ length: 20 }, (_, n) =>
        archive.put(KEY, Buffer.from(String(n)), { only: "if-absent" }),
      );
      const won = (await Promise.allSettled(writers)).filter(({ status }) => status === "fulfilled");
      expect(won).toHaveLength(1);
    });

    test("an object is complete at every moment while it is replaced repeatedly", async () => {
      const archive = await make();
      const bodies = Array.from({ length: 20 }, (_, n) => Buffer.alloc(50_000, n));
      await archive.put(KEY, Buffer.alloc(50_000, 0));
      const writes = Promise.all(bodies.map((body) => archive.put(KEY, body, { metadata: { n: String(body[0]) } })));
      for (let reads = 0; reads < 20; reads += 1) {
        const body = (await archive.get(KEY))?.body;
        expect(body?.length).toBe(50_000);
        expect(body && Buffer.alloc(50_000, body[0])).toEqual(body);
      }
      await writes;
      const last = await archive.get(KEY);
      expect(last?.metadata).toEqual({ n: String(last?.body[0]) });
    });

    test("lists the folders with objects below a prefix, in order", async () => {
      const archive = await make();
      for (const key of ["live/b/1", "live/a/2", "live/a/1", "live/c/x/1", "live/top", "liver/1", "other/1"]) {
        await archive.put(key, Buffer.from("x"));
      }
      expect(await Array.fromAsync(archive.folders("live/"))).toEqual(["live/a/", "live/b/", "live/c/"]);
      expect(await Array.fromAsync(archive.folders("live/c"))).toEqual(["live/c/"]);
      expect(await Array.fromAsync(archive.folders("live"))).toEqual(["live/", "liver/"]);
      expect(await Array.fromAsync(archive.folders("nothing/"))).toEqual([]);
    });

    test("lists the keys under a prefix in order, with their sizes", async () => {
      const archive = await make();
      for (const key of ["b/2.json", "a/1.json", "b/1.json", "b-c/1.json", "_index/x"]) {
        await archive.put(key, Buffer.from(key), { metadata: { source: "webhook" } });
      }
      expect(await Array.fromAsync(archive.list("b"))).toEqual([
        { key: "b-c/1.json", size: 10 },
        { key: "b/1.json", size: 8 },
        { key: "b/2.json", size: 8 },
      ]);
      expect((await Array.fromAsync(archive.list(""))).map(({ key }) => key)).toHaveLength(5);
      expect(await Array.fromAsync(archive.list("nothing/"))).toEqual([]);
    });

    test("re-puts an object: the same bytes with a new version and without a source", async () => {
      const archive = await make();
      const { etag, version } = await archive.put(KEY, Buffer.from("a"), {
        metadata: { source: "webhook", kept: "1" },
      });
      expect(await archive.rePut(KEY)).toBe(true);
      const replaced = await archive.get(KEY);
      expect(replaced).toMatchObject({ body: Buffer.from("a"), etag, metadata: { kept: "1" } });
      expect(replaced?.metadata).not.toHaveProperty("source");
      expect(replaced?.version).not.toBe(version);
      expect(await archive.rePut("nothing/here.json")).toBe(false);
    });

    test("re-puts in quick succession are separate uploads", async () => {
      const archive = await make();
      await archive.put(KEY, Buffer.from("a"), { metadata: { source: "webhook", kept: "1" } });
      for (let n = 0; n < 10; n += 1) {
        await archive.rePut(KEY, "none");
        await archive.rePut(KEY);
        expect((await archive.head(KEY))?.metadata).toEqual({ kept: "1" });
      }
    });

    test("re-puts an object with the steps to redo, which replace the steps of an earlier re-put", async () => {
      const archive = await make();
      const { version } = await archive.put(KEY, Buffer.from("a"), { metadata: { source: "webhook", kept: "1" } });
      expect(await archive.rePut(KEY, "audio")).toBe(true);
      const replaced = await archive.get(KEY);
      expect(replaced).toMatchObject({ body: Buffer.from("a"), metadata: { kept: "1", redo: "audio" } });
      expect(replaced?.metadata).not.toHaveProperty("source");
      expect(replaced?.version).not.toBe(version);
      await archive.rePut(KEY, "none");
      expect((await archive.head(KEY))?.metadata).toEqual({ kept: "1", redo: "none" });
      await archive.rePut(KEY);
      expect((await archive.head(KEY))?.metadata).toEqual({ kept: "1" });
      expect(await archive.rePut("nothing/here.json", "audio")).toBe(false);
    });

    test("a deleted object leaves no metadata", async () => {
      const archive = await make();
      await archive.put(KEY, Buffer.from("a"), { metadata: { source: "webhook" } });
      await archive.delete(KEY);
      expect(await archive.head(KEY)).toBeUndefined();
      await archive.put(KEY, Buffer.from("a"));
      expect((await archive.head(KEY))?.metadata).toEqual({});
    });
  });
}

/**
 * The contract for empty folders. It is separate because moto 5.2.1 still lists them in a versioned bucket. S3 does
 * not: it lists current versions only (docs.aws.amazon.com, delete markers, 2026-11).
 */
export function goneFoldersContract(name: string, make: () => Promise<Archive>): void {
  test(`an archive: ${name} > does not list a folder without objects`, async () => {
    const archive = await make();
    for (const key of ["live/b/1", "live/a/2", "live/a/1"]) await archive.put(key, Buffer.from("x"));
    for (const key of ["live/a/1", "live/a/2"]) await archive.delete(key);
    expect(await Array.fromAsync(archive.folders("live/"))).toEqual(["live/b/"]);
  });
}
