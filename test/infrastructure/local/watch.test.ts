import { appendFile, mkdir, rename, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { watchFolders } from "../../../infrastructure/local/watch.client.ts";
import { newFolder } from "../../support/fixtures/local.ts";

async function aWatch(prepare: (root: string) => Promise<unknown> = async () => {}) {
  const root = join(await newFolder(), "archive");
  await mkdir(root);
  await prepare(root);
  const seen: string[] = [];
  const watching = await watchFolders(
    root,
    (path) => seen.push(path),
    (error) => seen.push(error.message),
  );
  onTestFinished(() => watching.close());
  return { root, seen, watching };
}

const known = (root: string) => mkdir(join(root, "1612"));

test("reports a file that is put, replaced, touched or renamed", async () => {
  const { root, seen } = await aWatch(known);
  const path = join(root, "1612/a.json");
  await writeFile(path, "1");
  await expect.poll(() => seen).toEqual(["1612/a.json"]);
  await writeFile(path, "2");
  await expect.poll(() => seen).toHaveLength(2);
  await utimes(path, new Date(), new Date());
  await expect.poll(() => seen).toHaveLength(3);
  await rename(path, join(root, "1612/b.json"));
  await expect.poll(() => seen.slice(3).sort()).toEqual(["1612/a.json", "1612/b.json"]);
});

test("does not report files that existed before", async () => {
  const { root, seen } = await aWatch(async (root) => {
    await known(root);
    await writeFile(join(root, "1612/old.json"), "");
  });
  await writeFile(join(root, "1612/new.json"), "");
  await expect.poll(() => seen).toEqual(["1612/new.json"]);
});

test("reports every file in a new folder, even those put at once", async () => {
  const { root, seen } = await aWatch();
  const names = Array.from({ length: 50 }, (_, index) => `1612/${index}.json`);
  await mkdir(join(root, "1612"));
  await Promise.all(names.map((name) => writeFile(join(root, name), "")));
  await expect.poll(() => [...new Set(seen)].sort()).toEqual(names.toSorted());
});

test("continues when a folder is deleted and created again", async () => {
  const { root, seen } = await aWatch(known);
  await rm(join(root, "1612"), { recursive: true });
  await mkdir(join(root, "1612"));
  await writeFile(join(root, "1612/again.json"), "");
  await expect.poll(() => seen).toContain("1612/again.json");
  await writeFile(join(root, "1612/later.json"), "");
  await expect.poll(() => seen).toContain("1612/later.json");
});

test("reports a file that is written in parts once it is complete", async () => {
  const { root, seen } = await aWatch(known);
  for (let bit = 0; bit < 40; bit += 1) await appendFile(join(root, "1612/slow.json"), "x".repeat(1000));
  await expect.poll(() => seen).toEqual(["1612/slow.json"]);
});

test("ignores hidden folders and files, and files outside a folder", async () => {
  const { root, seen } = await aWatch(known);
  await mkdir(join(root, ".trash"));
  for (const name of [".trash/a.json", "1612/.a.json", "a.json", "1612/last.json"])
    await writeFile(join(root, name), "");
  await expect.poll(() => seen).toEqual(["1612/last.json"]);
});

test("reports nothing after close", async () => {
  const first = await aWatch(known);
  first.watching.close();
  await writeFile(join(first.root, "1612/a.json"), "");
  // A second watch on the same folder proves that there were events.
  const seen: string[] = [];
  const second = await watchFolders(
    first.root,
    (path) => seen.push(path),
    () => {},
  );
  onTestFinished(() => second.close());
  await writeFile(join(first.root, "1612/b.json"), "");
  await expect.poll(() => seen).toEqual(["1612/b.json"]);
  expect(first.seen).toEqual([]);
});
