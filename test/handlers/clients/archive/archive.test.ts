import { mkdir, mkdtemp, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { describe, expect, onTestFinished, test } from "vitest";
import { PreconditionFailed } from "../../../../handlers/clients/archive/archive.ts";
import { folderArchive } from "../../../../handlers/clients/archive/folder-archive.client.ts";
import { s3Archive } from "../../../../handlers/clients/archive/s3-archive.client.ts";
import { archiveContract, goneFoldersContract } from "../../../support/contracts/archive.ts";
import { memoryArchive } from "../../../support/doubles/memory-archive.ts";
import { awsAt } from "../../../support/fixtures/aws-client.ts";
import { pathsIn } from "../../../support/fixtures/local.ts";
import { s3Server } from "../../../support/servers/s3-server.ts";

const KEY = "16125550100/conv_1.json";
const SIGNED = { source: "webhook", "elevenlabs-signature": "t=1,v0=ab" };

for (const contract of [archiveContract, goneFoldersContract]) {
  contract("in memory", async () => memoryArchive());
  contract("in a folder", async () => folderArchive(await newFolder(), "archive"));
  contract("in a folder, and reads block", async () =>
    folderArchive(await newFolder(), "archive", { readsBlock: true }),
  );
}
goneFoldersContract("in S3", async () => {
  const { url, close } = await s3Server();
  onTestFinished(close);
  return s3Archive("bucket", new S3Client({ ...awsAt(url), forcePathStyle: true }));
});

describe("an archive in a folder", () => {
  test("holds only the objects", async () => {
    const root = await newFolder();
    await folderArchive(root, "archive").put(KEY, Buffer.from("{}"), { metadata: SIGNED });
    const files = await pathsIn(join(root, "archive"));
    expect(files.sort()).toEqual(["16125550100", KEY]);
    expect(await readFile(join(root, "archive", KEY), "utf8")).toBe("{}");
  });

  test("gives no metadata to a file that a person put", async () => {
    const root = await newFolder();
    const archive = folderArchive(root, "archive");
    await archive.put(KEY, Buffer.from("{}"), { metadata: SIGNED });
    await writeFile(join(root, "archive", KEY), "{ }");
    expect(await archive.head(KEY)).toMatchObject({ size: 3, metadata: {} });
  });

  test("keeps the signature of a file that was touched, but not its source", async () => {
    const root = await newFolder();
    const archive = folderArchive(root, "archive");
    const { version } = await archive.put(KEY, Buffer.from("{}"), { metadata: SIGNED });
    await utimes(join(root, "archive", KEY), new Date(0), new Date(0));
    const touched = await archive.head(KEY);
    expect(touched?.metadata).toEqual({ "elevenlabs-signature": "t=1,v0=ab" });
    expect(touched?.version).not.toBe(version);
  });

  test("gives every put a later version, also when the clock does not advance", async () => {
    const archive = folderArchive(await newFolder(), "archive");
    const versions: string[] = [];
    for (let n = 0; n < 50; n += 1) versions.push((await archive.put(KEY, Buffer.from(String(n % 10)))).version);
    expect(new Set(versions).size).toBe(50);
    expect((await archive.head(KEY))?.version).toBe(versions.at(-1));
  });

  test("adopts a copied file with the bytes of its last upload, and no other", async () => {
    const root = await newFolder();
    const archive = folderArchive(root, "archive");
    await archive.put(KEY, Buffer.from("{}"), { metadata: SIGNED });
    await utimes(join(root, "archive", KEY), new Date(0), new Date(0));
    expect((await folderArchive(root, "archive", { isCopy: () => true }).head(KEY))?.metadata).toEqual(SIGNED);
    expect((await archive.head(KEY))?.metadata).not.toHaveProperty("source");
    await archive.adopt(KEY);
    expect((await archive.head(KEY))?.metadata).toEqual(SIGNED);
    await writeFile(join(root, "archive", KEY), "{ }");
    await archive.adopt(KEY);
    await archive.adopt("nothing/here.json");
    expect((await archive.head(KEY))?.metadata).toEqual({});
  });

  test("keeps the metadata of the present object when a crash comes before the new one takes its place", async () => {
    const root = await newFolder();
    const archive = folderArchive(root, "archive");
    await archive.put(KEY, Buffer.from("old"), { metadata: SIGNED });
    const stats = await stat(join(root, "archive", KEY));
    await archive.put(KEY, Buffer.from("new"), { metadata: { source: "api" } });
    await writeFile(join(root, "archive", KEY), "old");
    await utimes(join(root, "archive", KEY), stats.atime, stats.mtime);
    expect((await archive.head(KEY))?.metadata).toMatchObject({ "elevenlabs-signature": "t=1,v0=ab" });
  });

  test("lets one of many processes put a new object, and keeps the metadata of that one", async () => {
    for (let round = 0; round < 10; round += 1) {
      const root = await newFolder();
      const [one, other] = [folderArchive(root, "archive"), folderArchive(root, "archive")];
      const writers = Array.from({ length: 20 }, (_, n) =>
        (n % 2 === 0 ? one : other).put(KEY, Buffer.from(String(n)), { only: "if-absent", metadata: { n: String(n) } }),
      );
      const settled = await Promise.allSettled(writers);
      const [winner, ...others] = settled.flatMap(({ status }, n) => (status === "fulfilled" ? [String(n)] : []));
      const lost = settled.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
      expect(others).toEqual([]);
      expect(lost.filter((error) => !(error instanceof PreconditionFailed))).toEqual([]);
      expect(await one.get(KEY)).toMatchObject({ body: Buffer.from(winner ?? ""), metadata: { n: winner } });
      expect(await readdir(join(root, "tmp"))).toEqual([]);
    }
  });

  test("keeps the signature of a delivery while another process puts a new object at its key", async () => {
    for (let round = 0; round < 10; round += 1) {
      const root = await newFolder();
      const options = { only: "if-absent", metadata: { source: "api" } } as const;
      const fetched = folderArchive(root, "archive").put(KEY, Buffer.from("{}"), options);
      await Promise.allSettled([
        fetched,
        folderArchive(root, "archive").put(KEY, Buffer.from("{ }"), { metadata: SIGNED }),
      ]);
      expect(await folderArchive(root, "archive").get(KEY)).toMatchObject({
        body: Buffer.from("{ }"),
        metadata: SIGNED,
      });
    }
  });

  test.each(["../x", "a/../../x", "/etc/passwd", "a//b", ".", "a\\b", "a/\0"])("refuses the key %j", async (key) => {
    await expect(folderArchive(await newFolder(), "archive").put(key, Buffer.from(""))).rejects.toThrow(
      "not a valid key",
    );
  });

  test("leaves nothing behind when a put fails", async () => {
    const root = await newFolder();
    await mkdir(join(root, "archive", KEY), { recursive: true });
    await expect(folderArchive(root, "archive").put(KEY, Buffer.from("{}"))).rejects.toThrow();
    expect(await readdir(join(root, "tmp"))).toEqual([]);
  });
});

function newFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "call-archive-"));
}
