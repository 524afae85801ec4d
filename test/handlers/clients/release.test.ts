import { expect, test } from "vitest";
import { releaseChunk } from "../../../handlers/clients/release.ts";

test("frees a chunk that shares its memory with none", () => {
  const chunk = Buffer.allocUnsafeSlow(10);
  releaseChunk(chunk);
  expect(chunk.byteLength).toBe(0);
});

test("leaves memory alone that is shared with other buffers", () => {
  const chunk = Buffer.alloc(10, 1).subarray(2, 5);
  const pooled = Buffer.from("of a pool");
  for (const each of [chunk, pooled]) releaseChunk(each);
  expect([chunk, pooled]).toEqual([Buffer.alloc(3, 1), Buffer.from("of a pool")]);
});
