import { Readable } from "node:stream";
import { ListMultipartUploadsCommand, ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { s3Archive } from "../../handlers/clients/archive/s3-archive.client.ts";
import { archiveContract } from "../support/contracts/archive.ts";
import { aBucket, describeAws, s3 } from "./aws.ts";

const KEY = "16125550100/conv_1.mp3";
const MIB = 1024 * 1024;

describeAws("S3", () => {
  archiveContract("in S3", async () => s3Archive(await aBucket(), s3));

  test("stores and returns a stream of many parts", async () => {
    const archive = s3Archive(await aBucket(), s3);
    const chunks = Array.from({ length: 20 }, (_, n) => Buffer.alloc(MIB, n));
    await archive.put(KEY, Readable.from(chunks), { metadata: { source: "api" }, contentType: "audio/mpeg" });
    expect(await archive.head(KEY)).toMatchObject({ size: 20 * MIB, metadata: { source: "api" } });
    expect((await archive.get(KEY))?.body.equals(Buffer.concat(chunks))).toBe(true);
  });

  test("leaves no part of a long stream that is interrupted", async () => {
    const bucket = await aBucket();
    const broken = Readable.from(
      (async function* () {
        for (let n = 0; n < 18; n += 1) yield Buffer.alloc(MIB, n);
        throw new Error("cut");
      })(),
    );
    await expect(s3Archive(bucket, s3).put(KEY, broken)).rejects.toThrow("cut");
    expect((await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }))).Uploads ?? []).toEqual([]);
    expect(await s3Archive(bucket, s3).head(KEY)).toBeUndefined();
  });

  test("keeps replaced and deleted objects as versions", async () => {
    const bucket = await aBucket();
    const archive = s3Archive(bucket, s3);
    await archive.put(KEY, Buffer.from("first"));
    await archive.put(KEY, Buffer.from("second"));
    await archive.delete(KEY);
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
    expect([Versions.length, DeleteMarkers.length]).toEqual([2, 1]);
  });

  test("lists more keys than fit on one page, in order", async () => {
    const archive = s3Archive(await aBucket(), s3);
    const keys = Array.from({ length: 1_010 }, (_, n) => `live/turns/${String(n).padStart(4, "0")}`);
    for (let n = 0; n < keys.length; n += 50) {
      await Promise.all(keys.slice(n, n + 50).map((key) => archive.put(key, Buffer.from("x"))));
    }
    expect((await Array.fromAsync(archive.list("live/"))).map(({ key }) => key)).toEqual(keys);
  });
});
