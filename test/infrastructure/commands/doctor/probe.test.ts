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

/** The archive at `url`, as one who believes that it keeps its objects in `folder`. */
function aTarget(url: string, folder: string, secret = SECRET) {
  const settings = settingsFrom({ ARCHIVE_DIR: folder, ELEVENLABS_WEBHOOK_SECRET: secret });
  return targetAt(folderDeployment(settings), `${url}/post-call`);
}

/** A receiver behind which nobody processes. `taken`: its status for what it took. */
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

/** What was found, as `level subject`. */
async function found(...args: Parameters<typeof probe>): Promise<string[]> {
  return (await probe(...args)).map(({ level, subject }) => `${level} ${subject}`);
}

test("takes a delivery away again that was quarantined, since the clocks are an hour apart", async () => {
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

test("waits a minute for the processor, says that it did not come, and takes its delivery away again", async () => {
  const folder = await newFolder();
  const { url } = await aReceiver(folder);
  const clock = virtualClock();
  expect(await found(await aTarget(url, folder), clock)).toContain("wrong processing");
  expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBe(60_000);
  expect(await tree(folder)).toEqual([]);
});

test("finds it wrong that a delivery is answered by anything but 200, which ElevenLabs counts as a failure", async () => {
  const folder = await newFolder();
  const { url } = await aReceiver(folder, 202);
  expect(await found(await aTarget(url, folder), virtualClock())).toContain("wrong secret");
  expect(await tree(folder)).toEqual([]);
});

test("takes its delivery away when it cannot go on", async () => {
  const folder = await newFolder();
  const { url } = await aReceiver(folder);
  const clock = { ...systemClock, sleep: () => Promise.reject(new Error("no sleep")) };
  await expect(probe(await aTarget(url, folder), clock)).rejects.toThrow("no sleep");
  expect(await tree(folder)).toEqual([]);
});

test("says at once, and of which object, that the archive keeps its objects elsewhere", async () => {
  const { url } = await aReceiver(await newFolder());
  const clock = virtualClock();
  const findings = await probe(await aTarget(url, await newFolder()), clock);
  expect(findings.at(-1)).toMatchObject({
    level: "wrong",
    subject: "processing",
    detail: expect.stringMatching(/^the archive keeps its objects elsewhere, and has a _other\/archive_probe\/probe_/),
    todo: expect.stringContaining("ARCHIVE_DIR"),
  });
  expect(clock.slept).toEqual([]);
});

test.each<[string, Reply, string[]]>([
  [
    "takes everything",
    { status: 200, body: "welcome" },
    ["wrong receiver", "wrong secret", "note clock of the archive"],
  ],
  ["knows no such path", { status: 404, body: "{}" }, ["wrong receiver", "wrong secret", "note clock of the archive"]],
])("finds it wrong that a server %s", async (_, reply, expected) => {
  const { url } = await aServer(() => reply);
  const findings = await found(await aTarget(url, await newFolder()), virtualClock(new Date(Date.now() - 600_000)));
  expect(findings).toEqual(expected);
});

test("posts nothing where no secret is known", async () => {
  const server = await aServer(() => ({ status: 200 }));
  expect(await found(await aTarget(server.url, await newFolder(), ""), systemClock)).toEqual(["wrong secret"]);
  expect(server.requests).toEqual([]);
});
