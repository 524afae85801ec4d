import { expect, onTestFinished, test } from "vitest";
import { folderArchive } from "../../../../handlers/clients/archive/folder-archive.client.ts";
import { systemClock } from "../../../../handlers/clients/clock.ts";
import { receiveWebhook } from "../../../../handlers/receive/receive.ts";
import { probe } from "../../../../infrastructure/commands/doctor/probe.ts";
import { folderDeployment } from "../../../../infrastructure/commands/toolkit/deployment/folder-deployment.client.ts";
import { targetAt } from "../../../../infrastructure/commands/toolkit/deployment/target.ts";
import { settingsFrom } from "../../../../infrastructure/local/settings.ts";
import { aRunningArchive, newFolder, SECRET, tree } from "../../../support/fixtures/local.ts";
import { virtualClock } from "../../../support/fixtures/virtual-clock.ts";
import { faultyServer, type Reply } from "../../../support/servers/faulty-server.ts";

/** The archive at `url`, with the assumption that it stores its objects in `folder`. */
function aTarget(url: string, folder: string, secret = SECRET) {
  const settings = settingsFrom({ ARCHIVE_DIR: folder, ELEVENLABS_WEBHOOK_SECRET: secret });
  return targetAt(folderDeployment(settings), `${url}/post-call`);
}

/** A receiver without a processor. `taken`: its status for what it accepted. */
async function aReceiver(folder: string, taken = 200) {
  const archive = folderArchive(folder, "archive");
  const receiving = { archive, secrets: async () => [SECRET], toleranceSeconds: 1800, now: () => new Date() };
  return aServer(async ({ headers, body }) => {
    const signature = String(headers["elevenlabs-signature"]);
    const reception = await receiveWebhook({ signature, body: Buffer.from(body) }, receiving);
    return { status: reception.status === "refused" ? 401 : taken, body: JSON.stringify(reception) };
  });
}

async function aServer(reply: Parameters<typeof faultyServer>[0]) {
  const server = await faultyServer(reply);
  onTestFinished(() => server.close());
  return server;
}

/** The findings, as `level subject`. */
async function found(...args: Parameters<typeof probe>): Promise<string[]> {
  return (await probe(...args)).map(({ level, subject }) => `${level} ${subject}`);
}

test("removes its delivery that was quarantined because the clocks are an hour apart", async () => {
  const folder = await newFolder();
  const { url } = await aRunningArchive(folder);
  const before = await tree(folder);
  const late = { ...systemClock, now: () => new Date(Date.now() + 3_600_000) };
  expect(await found(await aTarget(url, folder), late)).toEqual([
    "ok receiver",
    "ok secret",
    "wrong clock of the archive",
    "ok processing",
  ]);
  expect(await tree(folder)).toEqual(before);
});

test("waits a minute for the processor, reports that nothing was processed, and removes its delivery", async () => {
  const folder = await newFolder();
  const { url } = await aReceiver(folder);
  const clock = virtualClock();
  expect(await found(await aTarget(url, folder), clock)).toContain("wrong processing");
  expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBe(60_000);
  expect(await tree(folder)).toEqual([]);
});

test("reports any status but 200 for a genuine delivery, because ElevenLabs counts it as a failure", async () => {
  const folder = await newFolder();
  const { url } = await aReceiver(folder, 202);
  expect(await found(await aTarget(url, folder), virtualClock())).toContain("wrong secret");
  expect(await tree(folder)).toEqual([]);
});

test("removes its delivery after an error", async () => {
  const folder = await newFolder();
  const { url } = await aReceiver(folder);
  const clock = { ...systemClock, sleep: () => Promise.reject(new Error("no sleep")) };
  await expect(probe(await aTarget(url, folder), clock)).rejects.toThrow("no sleep");
  expect(await tree(folder)).toEqual([]);
});

test("reports at once that the archive stores its objects elsewhere, and names the test object", async () => {
  const { url } = await aReceiver(await newFolder());
  const clock = virtualClock();
  const findings = await probe(await aTarget(url, await newFolder()), clock);
  expect(findings.at(-1)).toMatchObject({
    level: "wrong",
    subject: "processing",
    detail: expect.stringMatching(
      /^the archive stores its objects elsewhere: the test delivery is there as _other\/archive_probe\/probe_/,
    ),
    todo: expect.stringContaining("ARCHIVE_DIR"),
  });
  expect(clock.slept).toEqual([]);
});

test.each<[string, Reply, string[]]>([
  [
    "accepts everything",
    { status: 200, body: "welcome" },
    ["wrong receiver", "wrong secret", "note clock of the archive"],
  ],
  ["has no such path", { status: 404, body: "{}" }, ["wrong receiver", "wrong secret", "note clock of the archive"]],
])("reports a server that %s", async (_, reply, expected) => {
  const { url } = await aServer(() => reply);
  const findings = await found(await aTarget(url, await newFolder()), virtualClock(new Date(Date.now() - 600_000)));
  expect(findings).toEqual(expected);
});

test("posts nothing if no secret is known", async () => {
  const server = await aServer(() => ({ status: 200 }));
  expect(await found(await aTarget(server.url, await newFolder(), ""), systemClock)).toEqual(["wrong secret"]);
  expect(server.requests).toEqual([]);
});
