import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Memory } from "../../../../handlers/clients/memory/memories.ts";
import { folderMemories } from "../../../../handlers/clients/memory/memory-folder.client.ts";
import { memoriesContract } from "../../../support/contracts/memories.ts";
import { aMemory } from "./a-memory.ts";

const USER = "+16129782029";

async function aFolder(): Promise<string> {
  return join(await mkdtemp(join(tmpdir(), "memories-")), "not", "yet", "there");
}

async function linesIn(dir: string, file: string): Promise<string[]> {
  return (await readFile(join(dir, file), "utf8")).split("\n").slice(0, -1);
}

memoriesContract("a folder", async () => {
  const root = await aFolder();
  const dir = join(root, "memories");
  return {
    memories: folderMemories(root),
    held: async (userId) => {
      const files = await readdir(dir).catch(() => []);
      const lines = await Promise.all(files.map((file) => linesIn(dir, file)));
      const memories: Memory[] = lines.flat().map((line) => JSON.parse(line));
      return memories
        .filter(({ user_id }) => user_id === userId)
        .map((memory) => ({ ...memory, happenedAt: memory.metadata.started_at }));
    },
    close: () => rm(join(root, "../../.."), { recursive: true }),
  };
});

async function made() {
  const root = await aFolder();
  onTestFinished(() => rm(join(root, "../../.."), { recursive: true }));
  return { root, dir: join(root, "memories"), memories: folderMemories(root) };
}

test("writes one line of JSON with its members in the documented order", async () => {
  const { dir, memories } = await made();
  const { messages, metadata, ...ids } = aMemory({ type: "semantic" });
  const { started_at, ...about } = metadata;
  await memories.add({ metadata: { started_at, ...about }, messages, ...ids });
  expect(await readdir(dir)).toEqual(["+16129782029.jsonl"]);
  expect(await readFile(join(dir, "+16129782029.jsonl"), "utf8")).toBe(
    `{"user_id":"+16129782029","type":"semantic","conversation_id":"conv_7",` +
      `"messages":[{"role":"assistant","content":"They moved to Duluth."}],` +
      `"metadata":{"type":"semantic","conversation_id":"conv_7","agent_id":"agent_1","call_duration_secs":42,` +
      `"started_at":"2026-11-23T12:00:00.000Z"}}\n`,
  );
});

test.each([
  ["+16129782029", "+16129782029.jsonl"],
  ["16129782029", "16129782029.jsonl"],
  ["user_7-a", "user_7-a.jsonl"],
  [`+${"1".repeat(128)}`, `+${"1".repeat(128)}.jsonl`],
  ["someone@example.com", "someone-example-com-72497f47.jsonl"],
  ["+1 612", "1-612-b54826a1.jsonl"],
  ["../../x", "x-9cdf6a50.jsonl"],
  ["..", "5ec1f7e7.jsonl"],
])("keeps %s in %s", async (user_id, file) => {
  const { dir, memories } = await made();
  await memories.add(aMemory({ user_id }));
  expect(await readdir(dir)).toEqual([file]);
});

test("a name too long for a file is cut, and two such names have different files", async () => {
  const { dir, memories } = await made();
  await memories.add(aMemory({ user_id: "x".repeat(129) }));
  await memories.add(aMemory({ user_id: "x".repeat(130) }));
  const names = await readdir(dir);
  expect(names).toHaveLength(2);
  for (const name of names) expect(name.length).toBeLessThanOrEqual(128 + ".jsonl".length);
});

test("the same memories make the same file in any order of arrival", async () => {
  const calls = [
    aMemory({ conversation_id: "conv_b", type: "semantic", started_at: "2026-11-02T00:00:00Z" }),
    aMemory({ conversation_id: "conv_b", type: "factual", started_at: "2026-11-02T00:00:00Z" }),
    aMemory({ conversation_id: "conv_a", type: "factual", started_at: "2026-11-02T00:00:00Z" }),
    aMemory({ conversation_id: "conv_z", type: "factual", started_at: "2026-11-01T00:00:00Z" }),
    aMemory({
      conversation_id: "conv_z",
      messages: [{ role: "user", content: "ä" }],
      started_at: "2026-11-01T00:00:00Z",
    }),
  ];
  const files = [];
  for (const order of [calls, calls.toReversed(), [...calls.slice(2), ...calls.slice(0, 2)]]) {
    const { dir, memories } = await made();
    await Promise.all(order.map((memory) => memories.add(memory)));
    files.push(await readFile(join(dir, `${USER}.jsonl`), "utf8"));
  }
  expect(new Set(files).size).toBe(1);
  const lines: Memory[] = (files[0] ?? "")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.map(({ conversation_id, type }) => `${conversation_id} ${type}`)).toEqual([
    "conv_z factual",
    "conv_z factual",
    "conv_a factual",
    "conv_b factual",
    "conv_b semantic",
  ]);
});

test("a call without a start time comes first", async () => {
  const { dir, memories } = await made();
  const { metadata, ...memory } = aMemory({ conversation_id: "conv_unknown" });
  await memories.add(aMemory());
  await memories.add({ ...memory, metadata: { ...metadata, started_at: null } });
  const lines = await linesIn(dir, `${USER}.jsonl`);
  expect(lines.map((line) => JSON.parse(line).conversation_id)).toEqual(["conv_unknown", "conv_7"]);
});

test("callers who share a file keep their own memories", async () => {
  const { dir, memories } = await made();
  await memories.add(aMemory({ user_id: "someone@example.com" }));
  await memories.add(aMemory({ user_id: "someone-example-com-72497f47" }));
  await memories.forget("someone@example.com", "conv_7", { inFlight: false });
  const lines = await linesIn(dir, "someone-example-com-72497f47.jsonl");
  expect(lines.map((line) => JSON.parse(line).user_id)).toEqual(["someone-example-com-72497f47"]);
});

test("removes the file with its last line", async () => {
  const { dir, memories } = await made();
  await memories.add(aMemory());
  await memories.forget(USER, "conv_7", { inFlight: false });
  expect(await readdir(dir)).toEqual([]);
});

test("forgetting creates no folder", async () => {
  const { root, memories } = await made();
  await memories.forget(USER, "conv_7", { inFlight: false });
  await expect(readdir(root)).rejects.toThrow("ENOENT");
});

test("keeps foreign lines, byte for byte, below the memories", async () => {
  const { dir, memories } = await made();
  const path = join(dir, `${USER}.jsonl`);
  const torn = Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0xff, 0x00]);
  await memories.add(aMemory({ conversation_id: "conv_6" }));
  await writeFile(path, Buffer.concat([Buffer.from(`{"note":"by hand"}\n`), await readFile(path), torn]));
  await memories.add(aMemory());
  await memories.forget(USER, "conv_6", { inFlight: false });
  const written = await readFile(path);
  const line = JSON.stringify(aMemory());
  expect(written).toEqual(Buffer.concat([Buffer.from(`${line}\n{"note":"by hand"}\n`), torn, Buffer.from("\n")]));
});

test("leaves a file unchanged when nothing in it is forgotten", async () => {
  const { dir, memories } = await made();
  await memories.add(aMemory());
  const path = join(dir, `${USER}.jsonl`);
  await writeFile(path, `  ${await readFile(path, "utf8")}\n\n`);
  const before = await readFile(path, "utf8");
  await memories.forget(USER, "conv_8", { inFlight: true });
  expect(await readFile(path, "utf8")).toBe(before);
});

test("two stores of the same folder lose nothing", async () => {
  const { root, dir, memories } = await made();
  const others = folderMemories(`${root}/.`);
  const ids = Array.from({ length: 10 }, (_, index) => `conv_${index}`);
  await Promise.all(
    ids.map((conversation_id, index) => (index % 2 ? memories : others).add(aMemory({ conversation_id }))),
  );
  expect(await linesIn(dir, `${USER}.jsonl`)).toHaveLength(10);
  expect(await readdir(dir)).toEqual([`${USER}.jsonl`]);
});

test("a reader during a write sees a whole file", async () => {
  const { dir, memories } = await made();
  await memories.add(aMemory());
  const content = "x".repeat(200_000);
  const writing = Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      memories.add(aMemory({ conversation_id: `conv_${index}`, messages: [{ role: "user", content }] })),
    ),
  );
  let isWriting = true;
  void writing.finally(() => {
    isWriting = false;
  });
  while (isWriting) for (const line of await linesIn(dir, `${USER}.jsonl`)) JSON.parse(line);
  expect(await linesIn(dir, `${USER}.jsonl`)).toHaveLength(11);
});

test("the line of a shortened memory records that", async () => {
  const { dir, memories } = await made();
  const memory = aMemory({ type: "semantic" });
  await memories.add({ ...memory, metadata: { ...memory.metadata, shortened: true, messages_left_out: 3 } });
  const [line = ""] = await linesIn(dir, "+16129782029.jsonl");
  expect(JSON.parse(line).metadata).toEqual({ ...memory.metadata, shortened: true, messages_left_out: 3 });
});

test("lists the memories of a user, without foreign and damaged lines", async () => {
  const root = await aFolder();
  const memories = folderMemories(root);
  const [one, other] = [aMemory({ conversation_id: "conv_1" }), aMemory({ conversation_id: "conv_2" })];
  for (const memory of [other, one]) await memories.add(memory);
  const path = join(root, "memories", `${one.user_id}.jsonl`);
  await writeFile(path, `${await readFile(path, "utf8")}{"user_id":"${one.user_id}"}\nnot json\n`);
  expect(new Set(await memories.of(one.user_id))).toEqual(new Set([one, other]));
  expect(await memories.of("+12025550000")).toEqual([]);
});
