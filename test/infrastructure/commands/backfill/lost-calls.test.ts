import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { sha256 } from "../../../../handlers/call/digest.ts";
import { aCopyOf, anArchiveOf, rot } from "../../../handlers/verify/archive-to-verify.ts";
import { runCommand } from "../../../support/fixtures/command.ts";
import { aTranscription, metadataWith } from "../../../support/fixtures/events.ts";
import { isNotReport, SECRET, tree } from "../../../support/fixtures/local.ts";
import { elevenLabsServer } from "../../../support/servers/elevenlabs-server.ts";

const KEY = "12025550101/conv_1.json";
const silent = { metadata: metadataWith({ text_only: true }), has_audio: false };
const DELIVERED = aTranscription(silent);

let pristine: string;
beforeAll(async () => {
  pristine = await anArchiveOf([DELIVERED, aTranscription({ conversation_id: "conv_2", ...silent })]);
});

/** A copy of the archive, ElevenLabs with its calls, and the commands that use both. */
async function anArchiveAndElevenLabs() {
  const folder = await aCopyOf(pristine);
  const server = await elevenLabsServer({ apiKey: "sk_test" });
  onTestFinished(() => server.close());
  for (const id of ["conv_1", "conv_2"]) {
    const data = { ...JSON.parse(DELIVERED.toString()).data, conversation_id: id };
    server.conversations.set(id, JSON.stringify(data));
  }
  const key = { ELEVENLABS_API_KEY: "sk_test", ELEVENLABS_API_URL: server.url };
  const env = { ELEVENLABS_WEBHOOK_SECRET: SECRET };
  return {
    folder,
    server,
    backfill: (...args: string[]) =>
      runCommand("backfill", folder, ["--from", "2026-11-20", "--to", "2026-11-20", ...args], {
        ...env,
        ...key,
      }),
    verify: (...args: string[]) => runCommand("verify", folder, args, { ...env, ...key }),
    verifyWithoutKey: (...args: string[]) => runCommand("verify", folder, args, env),
    erase: (...args: string[]) => runCommand("erase", folder, [...args, "--yes"], env),
  };
}

const cut = async (folder: string) => {
  const path = join(folder, "archive", KEY);
  await writeFile(path, (await readFile(path)).subarray(0, 200));
};

test("a call without its JSON is lost: a dry run lists it, and a backfill fetches it", async () => {
  const { folder, backfill, verify } = await anArchiveAndElevenLabs();
  await rm(join(folder, "archive", KEY));
  const ran = await verify();
  expect(ran.code).toBe(1);
  expect(ran.out).toMatch(
    /^_index\/conv_1 {2}\[lost\] belongs to a call whose JSON is gone \(12025550101\/conv_1\.json\), and no deletion is on record\. To do: restore .*, or fetch it \(npm run backfill/,
  );
  expect((await verify("--conversation", "conv_1")).out).toMatch(/^_index\/conv_1 {2}\[lost\] /);
  const dry = await backfill("--dry-run");
  expect(dry).toMatchObject({ code: 1, error: expect.stringContaining("conv_1: its JSON is gone from the archive") });
  expect(dry.out).toMatch(/^missing +1 +0$/m);
  const done = await backfill();
  expect(done).toMatchObject({ code: 0, out: expect.stringMatching(/^recovered +1 /m) });
  const { code, out } = await verify();
  expect(out).toContain(`the signed body had SHA-256 ${sha256(DELIVERED)}`);
  expect(out).toMatch(/^12025550101\/conv_1\.json {2}\[fetched again\] was fetched again on 20/);
  expect(code).toBe(0);
});

test.each([
  ["cut", cut],
  [
    "changed on the disk",
    (folder: string) => rot(folder, KEY, (bytes) => Buffer.from(bytes.toString().replace("a refund", "no refund"))),
  ],
])(
  "JSON that was %s is damaged: the remedy is to restore or fetch it, and never to move or delete it",
  async (_how, damage) => {
    const { folder, backfill, verify, verifyWithoutKey } = await anArchiveAndElevenLabs();
    await damage(folder);
    const before = await tree(folder, isNotReport);
    const ran = await verifyWithoutKey("--fix");
    expect([ran.code, ran.out]).toEqual([
      1,
      expect.stringMatching(
        new RegExp(
          `^${KEY} {2}\\[damaged\\] .*To do: restore the version with SHA-256 ${sha256(DELIVERED)} .*, or fetch it again`,
        ),
      ),
    ]);
    expect(ran.out).not.toMatch(/move|delete/);
    expect(await tree(folder, isNotReport)).toEqual(before);

    const dry = await backfill("--dry-run");
    expect(dry).toMatchObject({
      code: 1,
      error: expect.stringMatching(/conv_1: its JSON (is truncated|is damaged)/),
    });
    const fixed = await verify("--fix");
    expect(fixed.error).toContain("Processed again: 1. Checked again:\n");
    expect(fixed.out).toMatch(/\[fetched again\]/);
    expect(fixed.code).toBe(0);
    expect(await backfill()).toMatchObject({ code: 0, out: expect.stringMatching(/^recovered +0 /m) });
  },
);

test("a repair fetches lost calls, and lists those that ElevenLabs no longer has", async () => {
  const { folder, server, verify } = await anArchiveAndElevenLabs();
  await rm(join(folder, "archive", KEY));
  await rm(join(folder, "archive/12025550101/conv_2.json"));
  server.conversations.delete("conv_2");
  const fixed = await verify("--fix");
  expect(fixed.error).toContain("_index/conv_2 could not be fetched again: ElevenLabs no longer has conv_2\n");
  expect(fixed.error).toContain("Processed again: 1.");
  expect(fixed.code).toBe(1);
  expect((await readFile(join(folder, "archive", KEY))).toString()).toContain('"conversation_id":"conv_1"');
});

test("a deleted call stays deleted, and is listed as such", async () => {
  const { folder, server, backfill, erase, verify } = await anArchiveAndElevenLabs();
  expect((await erase("--conversation", "conv_1", "--reason", "request 4711")).code).toBe(0);
  const before = await tree(join(folder, "archive"));
  const requested = server.requests.length;
  const { code, out } = await backfill();
  expect(code).toBe(0);
  expect(out).toMatch(/^deleted on purpose, not fetched +1$/m);
  expect(server.requests.slice(requested).filter(({ path }) => path.includes("conv_1"))).toEqual([]);
  expect(await tree(join(folder, "archive"))).toEqual(before);
  expect(await verify("--fix")).toMatchObject({ code: 0, out: expect.stringMatching(/\nnotice: deleted +1\n/) });
});
