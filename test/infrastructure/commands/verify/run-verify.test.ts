import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { compactFolder } from "../../../../infrastructure/local/compact-folder.ts";
import { sampleDeliveries } from "../../../../infrastructure/samples/deliveries.ts";
import { SHOWCASE_COUNT, sampleCalls } from "../../../../infrastructure/samples/sample-calls.ts";
import { aCopyOf, anArchiveOf, changeBytes, liveOf, rot } from "../../../handlers/verify/archive-to-verify.ts";
import { anArchiveProcess } from "../../../support/fixtures/archive-process.ts";
import { runCommand } from "../../../support/fixtures/command.ts";
import { isNotReport, newFolder, outputs, SECRET, tree } from "../../../support/fixtures/local.ts";

const CLI = "verify";
const NOW = new Date();
const CALLS = sampleCalls({ count: SHOWCASE_COUNT, seed: 1, until: NOW });
const [FIRST] = CALLS.filter(({ mp3, bodies }) => mp3 && bodies.transcription && !bodies.audio);
const KEY = `${FIRST?.caller}/${FIRST?.conversationId}.json`;

let pristine: string;
/** An archive of a few of the calls. */
let small: string;
beforeAll(async () => {
  const archiveOf = (calls: typeof CALLS) =>
    anArchiveOf(
      sampleDeliveries(calls).map(({ body }) => body),
      NOW,
    );
  pristine = await archiveOf(CALLS);
  small = await archiveOf(CALLS.filter((call) => call === FIRST || !call.mp3));
}, 60_000);

/** Runs the command. Removes the progress, which appears after a second, from its errors. */
async function verify(folder: string, ...args: string[]) {
  const done = await runCommand(CLI, folder, args, { ELEVENLABS_WEBHOOK_SECRET: SECRET });
  return { ...done, error: done.error.replace(/^(verifying|processing again): .*\n/gm, "") };
}

/** The lines of a report in JSON. */
const linesOf = (out: string) =>
  out
    .trimEnd()
    .split("\n")
    .map((line): unknown => JSON.parse(line));

test("finds nothing in an archive of all samples, and changes nothing", async () => {
  const before = await tree(pristine, isNotReport);
  const { code, out, error } = await verify(pristine, "--recordings");
  expect([code, error]).toEqual([0, ""]);
  expect(out).toMatch(/^what +count\n/);
  expect(out).toMatch(new RegExp(`\nrecordings +${CALLS.filter(({ mp3 }) => mp3).length}\n`));
  expect(out).toMatch(/\nwithout a signature +0\n/);
  expect(await tree(pristine, isNotReport)).toEqual(before);
});

test("prints findings with remedies, repairs them with --fix, and then has no findings", async () => {
  const folder = await aCopyOf(small);
  const [rows = ""] = await liveOf(folder, FIRST?.conversationId ?? "");
  await rm(join(folder, rows));
  await rm(join(folder, "archive", KEY.replace(".json", ".mp3")));
  const before = await tree(folder, isNotReport);
  const ran = await verify(folder);
  expect(ran.code).toBe(1);
  expect(ran.out.split("\n")[0]).toMatch(
    new RegExp(
      `^${KEY}  \\[recording\\] has no recording beside it, .*To do: process it again \\(--fix\\); \\[rows\\] `,
    ),
  );
  expect(ran.out).toMatch(/\nfinding: rows +1\n/);
  expect(await tree(folder, isNotReport)).toEqual(before);

  const fixed = await verify(folder, "--fix", "--format", "json", "--all");
  expect([fixed.code, fixed.error]).toEqual([0, "Processed again: 1. Checked again:\n"]);
  expect(linesOf(fixed.out).slice(-2)).toMatchObject([{ key: KEY, state: "holds" }, { totals: { objects: 1 } }]);
  expect(await verify(folder)).toMatchObject({ code: 0, error: "" });
});

test("one flipped bit in an index stops nothing: it is named, and --fix repairs only that", async () => {
  const folder = await aCopyOf(small);
  const index = `_index/${FIRST?.conversationId}`;
  const before = await outputs(folder);
  await changeBytes(join(folder, "archive", index), (bytes) =>
    Buffer.from(bytes.toString().replace('"done"', '"dome"')),
  );
  const ran = await verify(folder, "--format", "json");
  expect(ran.code).toBe(1);
  expect(linesOf(ran.out)).toMatchObject([
    { key: KEY, findings: [{ kind: "unprocessed", isRepairable: true }] },
    { key: index, findings: [{ kind: "record", isRepairable: true }] },
    { totals: { findings: { unprocessed: 1, record: 1 } } },
  ]);
  const fixed = await verify(folder, "--fix");
  expect([fixed.code, fixed.error]).toEqual([0, "Processed again: 1. Checked again:\n"]);
  expect(await outputs(folder)).toEqual(before);
  expect(await verify(folder)).toMatchObject({ code: 0, error: "" });
});

test("rebuilds a closed day with a damaged part, and names what --fix does not repair", async () => {
  const folder = await aCopyOf(small);
  await compactFolder(folder, { now: () => new Date(NOW.getTime() + 48 * 60 * 60 * 1000) });
  const [part = ""] = (await tree(folder, isNotReport)).filter((line) => line.startsWith("analytics/days/turns/"));
  const [path = "", hash = ""] = part.split(" ");
  await changeBytes(join(folder, path), (bytes) => bytes.subarray(0, bytes.length / 2));
  await mkdir(join(folder, "reprocess"));
  await writeFile(join(folder, "reprocess/0123.json"), "{");
  const ran = await verify(folder);
  expect([ran.code, ran.out]).toEqual([
    1,
    expect.stringContaining(`${path.slice("analytics/".length)} has other bytes`),
  ]);
  expect(ran.out).toContain("reprocess/0123.json  [damaged note] is damaged");
  const fixed = await verify(folder, "--fix");
  expect([fixed.code, fixed.error]).toEqual([0, "Closed days rebuilt: 1. Checked again:\n"]);
  expect(await tree(folder, isNotReport)).toContain(`${path} ${hash}`);
});

test("does not process bytes that may differ from the delivered ones", async () => {
  const folder = await aCopyOf(small);
  await rot(folder, KEY, (bytes) => Buffer.from(bytes.toString().replace('"done"', '"gone"')));
  const before = await tree(folder, isNotReport);
  const { code, out, error } = await verify(folder, "--fix", "--format", "json");
  expect([code, error]).toEqual([1, ""]);
  expect(linesOf(out)).toMatchObject([
    { key: KEY, findings: [{ kind: "damaged", isRepairable: false }] },
    { totals: { findings: { damaged: 1 } } },
  ]);
  expect(await tree(folder, isNotReport)).toEqual(before);
});

test("leaves the repair to the archive that runs in the folder, and reports that", async () => {
  const folder = await aCopyOf(small);
  const running = await anArchiveProcess(folder, { ELEVENLABS_WEBHOOK_SECRET: SECRET });
  const [rows = ""] = await liveOf(folder, FIRST?.conversationId ?? "");
  await rm(join(folder, rows));
  const { code, error } = await verify(folder, "--fix", "--conversation", FIRST?.conversationId ?? "");
  expect([code, error]).toEqual([1, expect.stringMatching(/^Re-put: 1\. the archive that runs in .* processes/)]);
  await expect.poll(async () => (await verify(folder)).code).toBe(0);
  await running.stop();
});

test("reports that there is nothing to verify, and creates nothing", async () => {
  const folder = await newFolder();
  expect(await verify(folder)).toMatchObject({ code: 0, error: "Nothing matches: nothing was verified\n" });
  expect(await readdir(folder)).toEqual([]);
});

test.each([
  [["--conversation", "conv_unknown"], 1],
  [["--caller", "+12025550199"], 1],
  [["--from", "2026-11-01", "--conversation", "conv_unknown"], 1],
  [["--from", "2020-01-01", "--to", "2020-01-02"], 0],
])("%j matches nothing, and the exit status is %j: a range of days may be empty", async (args, status) => {
  const { code, error } = await verify(small, ...args);
  expect([code, error]).toEqual([status, expect.stringMatching(/^Nothing matches --\w+ .+: nothing was verified\n$/)]);
});

test("an index with a finding is a match", async () => {
  const folder = await aCopyOf(small);
  await rm(join(folder, "archive", KEY));
  const { code, out, error } = await verify(folder, "--conversation", FIRST?.conversationId ?? "");
  expect([code, out, error]).toEqual([1, expect.stringContaining("[lost]"), ""]);
});

test.each([
  [["--from", "yesterday"], "--from yesterday is not a date"],
  [["--format", "xml"], 'There is no format "xml". Use one of: text, json.'],
  [["--fixx"], "--fixx"],
])("%j is wrong usage", async (args, message) => {
  const { code, out, error } = await verify(".", ...args);
  expect([code, out]).toEqual([2, ""]);
  expect(error).toContain(message);
  expect(error).not.toMatch(/^\s+at /m);
});

test("prints its help", async () => {
  const { code, out } = await verify(".", "--help");
  expect([code, out]).toEqual([0, expect.stringContaining("Usage: npm run verify")]);
});
