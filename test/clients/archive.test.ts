import { mkdir, mkdtemp, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { describe, expect, onTestFinished, test } from "vitest";
import { folderArchive } from "../../handlers/clients/folder-archive.client.ts";
import { s3Archive } from "../../handlers/clients/s3-archive.client.ts";
import { archiveContract, goneFoldersContract } from "../contracts/archive.ts";
import { memoryArchive } from "../doubles/memory-archive.ts";
import { awsAt } from "../fixtures/aws-client.ts";
import { s3Server } from "../servers/s3-server.ts";

const KEY = "16125550100/conv_1.json";
const SIGNED = { source: "webhook", "elevenlabs-signature": "t=1,v0=ab" };

for (const contract of [archiveContract, goneFoldersContract]) {
  contract("in memory", async () => memoryArchive());
  contract("in a folder", async () => folderArchive(await newFolder(), "archive"));
}
goneFoldersContract("in S3", async () => {
  const { url, close } = await s3Server();
  onTestFinished(close);
  return s3Archive("bucket", new S3Client({ ...awsAt(url), forcePathStyle: true }));
});

describe("an archive in a folder", () => {
  test("holds nothing but the objects", async () => {
    const root = await newFolder();
    await folderArchive(root, "archive").put(KEY, Buffer.from("{}"), { metadata: SIGNED });
    const files = await readdir(join(root, "archive"), { recursive: true });
    expect(files.sort()).toEqual(["16125550100", KEY]);
    expect(await readFile(join(root, "archive", KEY), "utf8")).toBe("{}");
  });

  test("does not vouch for a file that a person put", async () => {
    const root = await newFolder();
    const archive = folderArchive(root, "archive");
    await archive.put(KEY, Buffer.from("{}"), { metadata: SIGNED });
    await writeFile(join(root, "archive", KEY), "{ }");
    expect(await archive.head(KEY)).toMatchObject({ size: 3, metadata: {} });
  });

  test("keeps the signature of a file that was touched, but not the mark of the door", async () => {
    const root = await newFolder();
    const archive = folderArchive(root, "archive");
    const { version } = await archive.put(KEY, Buffer.from("{}"), { metadata: SIGNED });
    await utimes(join(root, "archive", KEY), new Date(0), new Date(0));
    const touched = await archive.head(KEY);
    expect(touched?.metadata).toEqual({ "elevenlabs-signature": "t=1,v0=ab" });
    expect(touched?.version).not.toBe(version);
  });

  test("knows the metadata of the object that is there when a crash came before the new one took its place", async () => {
    const root = await newFolder();
    const archive = folderArchive(root, "archive");
    await archive.put(KEY, Buffer.from("old"), { metadata: SIGNED });
    const stats = await stat(join(root, "archive", KEY));
    await archive.put(KEY, Buffer.from("new"), { metadata: { source: "api" } });
    await writeFile(join(root, "archive", KEY), "old");
    await utimes(join(root, "archive", KEY), stats.atime, stats.mtime);
    expect((await archive.head(KEY))?.metadata).toMatchObject({ "elevenlabs-signature": "t=1,v0=ab" });
  });

  test.each(["../x", "a/../../x", "/etc/passwd", "a//b", ".", "a\\b", "a/\0"])("refuses the key %j", async (key) => {
    await expect(folderArchive(await newFolder(), "archive").put(key, Buffer.from(""))).rejects.toThrow("not a key");
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
