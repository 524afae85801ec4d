import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderDeadLetters } from "../../../infrastructure/local/dead-letters.client.ts";
import { newFolder, tree } from "../../support/fixtures/local.ts";

function aLetter(key: string) {
  return { key, reason: "audio: not base64", attempts: 1, given_up_at: "2026-11-20T10:00:00.000Z" };
}

test("stores one readable letter for each object, which survives a restart", async () => {
  const folder = await newFolder();
  const letters = folderDeadLetters(folder);
  await letters.add(aLetter("_audio/conv_1.json"));
  await letters.add(aLetter("1612/conv_1.json"));
  await letters.add({ ...aLetter("1612/conv_1.json"), attempts: 8 });
  expect(letters.count).toBe(2);
  const text = await readFile(join(folder, "dead-letters/1612/conv_1.json"), "utf8");
  expect(JSON.parse(text)).toMatchObject({ ...aLetter("1612/conv_1.json"), attempts: 8 });
  expect(folderDeadLetters(folder).count).toBe(2);
});

test("removes a letter, even one from before a restart", async () => {
  const folder = await newFolder();
  await folderDeadLetters(folder).add(aLetter("1612/conv_1.json"));
  const letters = folderDeadLetters(folder);
  await letters.remove("1612/conv_2.json");
  expect(letters.count).toBe(1);
  await letters.remove("1612/conv_1.json");
  expect([letters.count, await tree(join(folder, "dead-letters"))]).toEqual([0, []]);
});

test("counts 0 in a folder without letters", async () => {
  expect(folderDeadLetters(await newFolder()).count).toBe(0);
});

test("counts the letters in the folder, even after another process removed one", async () => {
  const folder = await newFolder();
  const letters = folderDeadLetters(folder);
  await letters.add(aLetter("1612/conv_1.json"));
  await letters.add(aLetter("1612/conv_2.json"));
  await rm(join(folder, "dead-letters/1612/conv_1.json"));
  expect(letters.count).toBe(1);
});

test("lists all letters in the order of their keys, with nulls for a damaged one", async () => {
  const folder = await newFolder();
  const letters = folderDeadLetters(folder);
  await letters.add(aLetter("1612/conv_2.json"));
  await letters.add(aLetter("1612/conv_1.json"));
  await writeFile(join(folder, "dead-letters/1612/conv_2.json"), '{"attempts": 8, "reason": {}');
  const damaged = { key: "1612/conv_2.json", reason: null, attempts: null, given_up_at: null };
  expect(await letters.list()).toEqual([aLetter("1612/conv_1.json"), damaged]);
  expect(await folderDeadLetters(await newFolder()).list()).toEqual([]);
});
