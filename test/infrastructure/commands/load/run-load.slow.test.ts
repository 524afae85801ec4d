import type { IncomingMessage, ServerResponse } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { type LoadedArchive, load } from "../../../../infrastructure/commands/load/load.ts";
import { loadCalls } from "../../../../infrastructure/commands/load/load-calls.ts";
import { anArchiveProcess } from "../../../support/fixtures/archive-process.ts";
import { runCommand, runCommandAsProcess } from "../../../support/fixtures/command.ts";
import { aRunningArchive, newFolder, outputs, SECRET } from "../../../support/fixtures/local.ts";
import { virtualClock } from "../../../support/fixtures/virtual-clock.ts";
import { type Loopback, loopback } from "../../../support/servers/loopback.ts";

const CLI = "load";
const SMALL = ["--kilobytes", "5"];
const SIGNED = { ELEVENLABS_WEBHOOK_SECRET: SECRET };

test("measures an archive that accepts every call, and then finds each call with a query", async () => {
  const folder = await newFolder();
  const { url, health } = await anArchiveProcess(folder);
  const args = ["--calls", "40", "--rate", "40", "--url", url, ...SMALL];
  const { code, out } = await runCommand(CLI, folder, args, SIGNED);
  expect([code, out]).toEqual([0, expect.stringContaining("Every call was accepted.")]);
  expect(metricsIn(out)).toMatchObject({ sent: 40, "accepted (200)": 40, queryable: 40, "dead-lettered": 0 });
  expect(metricsIn(out)["sent a second"]).toBeLessThan(45);
  expect(metricsIn(out)["most memory in MB"]).toBeGreaterThan(20);
  expect(await health()).toEqual({ status: "ok", pending: 0, failed: 0, waiting: 0 });
});

test("prints the number of refused calls", async () => {
  const folder = await newFolder();
  const { url } = await aRunningArchive(folder);
  const args = ["--calls", "7", "--rate", "100", "--url", url, ...SMALL];
  const { code, out, error } = await runCommandAsProcess(CLI, folder, args, {
    ELEVENLABS_WEBHOOK_SECRET: "wsec_wrong",
  });
  expect([code, error]).toEqual([1, expect.stringMatching(/^0 of 7 calls were accepted, and 0 dead-lettered\.$/m)]);
  expect(metricsIn(out)).toMatchObject({ sent: 7, "accepted (200)": 0, "refused (401)": 7, queryable: 0 });
});

test("sends at its rate while there are no responses", async () => {
  const held: ServerResponse[] = [];
  const { url } = await aServer((request, response) => {
    if (request.url === "/post-call") held.push(response);
    else response.writeHead(404).end();
    if (held.length === 20) for (const each of held) each.end();
  });
  const args = ["--calls", "20", "--rate", "100", "--url", `${url}/post-call`, ...SMALL];
  const { code, out } = await runCommand(CLI, await newFolder(), args, SIGNED);
  expect(code).toBe(0);
  expect(out).toContain("It has no GET /health");
  expect(out).toContain("rows and memory cannot be measured");
  // The first waited for the last, which was due 190 ms after it.
  expect(metricsIn(out)["answer in ms, most"]).toBeGreaterThanOrEqual(190);
});

test("ends when the archive stops responding", async () => {
  const folder = await newFolder();
  const archive = await anArchiveProcess(folder);
  const args = ["--calls", "1000", "--rate", "20", "--url", archive.url, ...SMALL];
  const running = runCommand(CLI, folder, args, SIGNED);
  await expect.poll(() => outputs(folder), { interval: 20 }).not.toEqual([]);
  await archive.kill();
  const { code, out, error } = await running;
  expect([code, error]).toEqual([1, expect.stringMatching(/The archive no longer responds: .*ECONNREFUSED.*\n$/)]);
  expect(metricsIn(out)["sent"]).toBeLessThan(1000);
});

test("ends after two minutes without progress", async () => {
  const clock = virtualClock();
  const stuck: LoadedArchive = {
    post: async () => ({ status: 200, text: "", date: null }),
    health: async () => ({ state: "at work", pending: 1, failed: 0 }),
  };
  const options = { count: 3, perSecond: 1, clock, onProgress: () => {} };
  const { stopped, processedAt, lastSent } = await load(loadCalls(1, clock.now()), stuck, options);
  expect(clock.now().getTime() - lastSent).toBeGreaterThanOrEqual(120_000);
  expect(stopped).toBe("There was no progress for two minutes: 3 of 3 answered, 1 pending, 0 found by a query");
  expect(processedAt).toBeUndefined();
});

test("reports in one line that there is no response", async () => {
  const { url, close } = await loopback(async () => {});
  await close();
  const args = ["--calls", "1", "--rate", "1", "--url", url];
  const { code, out, error } = await runCommand(CLI, await newFolder(), args);
  expect([code, out]).toEqual([1, ""]);
  expect(error).toMatch(/^No response from .*: is npm start running\?\n$/);
});

test.each([
  [[], "--calls and --rate"],
  [["--calls", "1", "--rate", "0"], "--rate 0 is not a whole number"],
  [["--calls", "1", "--rate", "1", "--url", "nowhere"], "is not an address"],
])("wrong usage is explained: %j", async (args, message) => {
  const { code, error } = await runCommand(CLI, await newFolder(), args);
  expect([code, error]).toEqual([2, expect.stringContaining(message)]);
});

/** The metrics of the table that the command printed, by name. */
function metricsIn(out: string): Record<string, number> {
  const lines = out.matchAll(/^(\S.*?) {2,}([\d.]+)$/gm);
  return Object.fromEntries([...lines].map(([, metric, value]) => [metric, Number(value)]));
}

/** A server that is not an archive. It is closed after the test. */
async function aServer(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Loopback> {
  const server = await loopback(async (request, response) => answer(request, response));
  onTestFinished(server.close);
  return server;
}
