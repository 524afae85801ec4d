import { expect, onTestFinished, test } from "vitest";
import { sha256 } from "../../../handlers/call/digest.ts";
import { type Archive, PreconditionFailed } from "../../../handlers/clients/archive/archive.ts";
import { elevenLabsConversations } from "../../../handlers/clients/elevenlabs/elevenlabs-conversations.client.ts";
import { elevenLabsRecordings } from "../../../handlers/clients/elevenlabs/elevenlabs-recordings.client.ts";
import { ServiceRefused } from "../../../handlers/clients/http/service-errors.ts";
import { readIndex, writeIndex } from "../../../handlers/process/conversation-index.ts";
import { type ReconcileWindowDeps, reconcile } from "../../../handlers/reconcile/reconcile.ts";
import type { Reconciled } from "../../../handlers/reconcile/reconcile-deps.ts";
import { aFailure, anAudio, aTranscription, MP3, metadataWith, START } from "../../support/fixtures/events.ts";
import { anOtelCall, spansOfACall } from "../../support/fixtures/otel.ts";
import { virtualClock } from "../../support/fixtures/virtual-clock.ts";
import { aWorld, NOW, RECEIVED } from "../../support/fixtures/world.ts";
import { elevenLabsServer } from "../../support/servers/elevenlabs-server.ts";

const KEY = "12025550101/conv_1.json";
const DAY = { from: new Date("2026-11-20T00:00:00Z"), until: new Date("2026-11-21T00:00:00Z") };

/** An archive, ElevenLabs with these calls of that day, and a function that reconciles the two. */
async function archiveAndElevenLabs(calls: readonly Buffer[] = [aTranscription()], pageSize = 100) {
  const server = await elevenLabsServer({ pageSize });
  onTestFinished(() => server.close());
  for (const body of calls) {
    const data = dataIn(body);
    server.conversations.set(JSON.parse(data).conversation_id, data);
  }
  const options = { apiKey: "sk_test", baseUrl: server.url, timeoutMs: 2_000, retries: 2, clock: virtualClock() };
  const world = aWorld({ recordings: elevenLabsRecordings(options) });
  const reconciled: Reconciled[] = [];
  async function run(more: Partial<ReconcileWindowDeps> = {}) {
    reconciled.length = 0;
    const found = await reconcile(DAY, {
      archive: world.archive,
      conversations: elevenLabsConversations(options),
      recordings: elevenLabsRecordings(options),
      now: () => NOW,
      onReconciled: (each) => void reconciled.push(each),
      ...more,
    });
    // Like S3's events about objects that were put or re-put. The queue would retry what fails here.
    for (const { key } of reconciled) if (key !== undefined) await world.process(key).catch(() => {});
    return found;
  }
  return { server, world, run, reconciled };
}

/** The `data` of a body, as JSON. */
function dataIn(body: Buffer): string {
  return JSON.stringify(JSON.parse(body.toString()).data);
}

/** Counts the writes. */
function counting(archive: Archive) {
  const writes: string[] = [];
  const put: Archive["put"] = (key, ...rest) => {
    writes.push(key);
    return archive.put(key, ...rest);
  };
  const rePut: Archive["rePut"] = (key, ...rest) => {
    writes.push(key);
    return archive.rePut(key, ...rest);
  };
  return { writes, archive: { ...archive, put, rePut } };
}

test("fetches a call that the archive lacks, byte for byte, and its processing writes the rows", async () => {
  const { server, world, run } = await archiveAndElevenLabs();
  const sent =
    '{ "conversation_id": "conv_1",  "status":"done", "agent_id": "agent_1",\n "metadata": {"phone_call": {"external_number": "+12025550101"}, "start_time_unix_secs": 1795168800, "call_duration_secs": 12.50}, "caf\\u00e9": 1 }\n';
  server.conversations.set("conv_1", sent);
  server.recordings.set("conv_1", MP3);
  expect(await run()).toMatchObject({ listed: 1, recovered: 1, recoveredRecordings: 1 });
  const stored = world.archive.objects.get(KEY);
  expect(stored?.body.toString()).toBe(
    `{"type": "post_call_transcription", "event_timestamp": ${NOW.getTime() / 1000}, "data": ${sent}}`,
  );
  expect(stored?.metadata).toEqual({ source: "api", "received-at": NOW.toISOString() });
  expect(world.archive.objects.get("12025550101/conv_1.mp3")?.body).toEqual(MP3);
  expect(await world.rows("conversations")).toMatchObject([{ source: "api", caller: "12025550101" }]);
  expect(await world.rows("recordings")).toMatchObject([{ source: "api" }]);
});

test("fetches every call of the window from all pages, except those that are not over", async () => {
  const ids = Array.from({ length: 25 }, (_, n) => `conv_${n}`);
  const calls = ids.map((conversation_id, n) =>
    aTranscription({ conversation_id, status: n < 20 ? "done" : "processing" }),
  );
  const outside = metadataWith({ start_time_unix_secs: DAY.until.getTime() / 1000 });
  const { run, server } = await archiveAndElevenLabs(
    [...calls, aTranscription({ conversation_id: "later", metadata: outside })],
    7,
  );
  expect(await run()).toMatchObject({ listed: 25, recovered: 20, unfinished: 5 });
  expect(await run()).toMatchObject({ listed: 25, present: 20, unfinished: 5, recovered: 0 });
  expect(server.requests.filter(({ path }) => path.endsWith("conversations"))).toHaveLength(8);
});

test("does not store a call that is listed as done but fetched as still processing", async () => {
  const { server, world, run } = await archiveAndElevenLabs();
  const body = dataIn(aTranscription({ status: "processing" }));
  server.fail({ does: "answer", status: 200, body }, { on: /conv_1$/ });
  expect(await run()).toMatchObject({ unfinished: 1, recovered: 0 });
  expect(world.archive.objects.size).toBe(0);
  expect(await run()).toMatchObject({ recovered: 1 });
});

test("writes nothing if nothing is missing, also if the conversation is a failed attempt", async () => {
  const failed = aTranscription({ conversation_id: "attempt" });
  const { world, run, server } = await archiveAndElevenLabs([aTranscription(), failed]);
  await world.take(aTranscription());
  await world.take(aFailure({ conversation_id: "attempt" }));
  server.recordings.set("attempt", MP3);
  const { writes, archive } = counting(world.archive);
  expect(await run({ archive })).toMatchObject({ listed: 2, present: 2 });
  expect(writes).toEqual([]);
});

test("a call that arrived in OpenTelemetry's format is present, and its recording is fetched", async () => {
  const { world, run, server } = await archiveAndElevenLabs();
  const spans = anOtelCall(spansOfACall());
  await world.process(await world.delivered(spans), { recordings: undefined });
  server.recordings.set("conv_1", MP3);
  expect(await run({ checkDepth: () => "bytes" })).toMatchObject({ present: 1, recovered: 0, recoveredRecordings: 1 });
  expect(world.archive.objects.get(KEY)?.body).toEqual(spans);
  expect(await world.rows("recordings")).toMatchObject([{ source: "api" }]);
});

test("fetches the transcription of a delivered audio event, whose recording is used", async () => {
  const { world, run, server } = await archiveAndElevenLabs();
  server.recordings.set("conv_1", Buffer.from("ID3 of another encoder"));
  await world.take(anAudio());
  expect(await run()).toMatchObject({ recovered: 1, recoveredRecordings: 0 });
  expect(world.archive.objects.get("12025550101/conv_1.mp3")?.body).toEqual(MP3);
});

test("fetches a call again if its JSON no longer exists and the check depth is head", async () => {
  const { world, run, reconciled } = await archiveAndElevenLabs();
  await world.take(aTranscription());
  await world.archive.put("12025550101/conv_1.mp3", MP3);
  await world.archive.delete(KEY);
  expect(await run()).toMatchObject({ present: 1, recovered: 0 });
  expect(await run({ checkDepth: () => "head", isDryRun: true })).toMatchObject({ missing: 1 });
  expect(reconciled).toMatchObject([{ reasons: ["its JSON is gone from the archive"] }]);
  expect(await run({ checkDepth: () => "head" })).toMatchObject({ present: 0, recovered: 1 });
  expect(world.archive.objects.get(KEY)?.metadata).toMatchObject({ source: "api" });
  expect(await world.rows("conversations")).toMatchObject([{ source: "api" }]);
});

test("also fetches a call again if its JSON is absent when its recording is checked", async () => {
  const { world, run } = await archiveAndElevenLabs();
  await world.take(aTranscription());
  await world.archive.delete(KEY);
  expect(await run()).toMatchObject({ present: 0, recovered: 1 });
});

test("sends no request for a call that was deleted on purpose, and leaves it deleted", async () => {
  const { server, world, run } = await archiveAndElevenLabs();
  await world.take(aTranscription());
  await world.archive.delete(KEY);
  const { index, etag } = await readIndex(world.archive, "conv_1");
  await writeIndex(world.archive, { ...index, deleted: { at: "2026-11-21T09:00:00Z", reason: "asked for" } }, etag);
  const before = server.requests.length;
  expect(await run({ checkDepth: () => "bytes" })).toMatchObject({ listed: 1, deleted: 1, present: 0, recovered: 0 });
  expect(server.requests.slice(before).filter(({ path }) => path.includes("conv_1"))).toEqual([]);
  expect(world.archive.objects.has(KEY)).toBe(false);
});

test("replaces a truncated JSON with the fetched call, and keeps the hash of the signed bytes", async () => {
  const { world, run, reconciled } = await archiveAndElevenLabs();
  await world.take(aTranscription());
  await world.archive.put(KEY, aTranscription().subarray(0, 300));
  expect(await run({ checkDepth: () => "upload", isDryRun: true })).toMatchObject({ missing: 1 });
  expect(reconciled[0]?.reasons).toEqual(["its JSON is truncated or damaged: it is not JSON"]);
  expect(await run({ checkDepth: () => "upload" })).toMatchObject({ recovered: 1 });
  expect(world.archive.objects.get(KEY)?.metadata).toMatchObject({ source: "api" });
  expect((await readIndex(world.archive, "conv_1")).index.objects[KEY]).toMatchObject({
    source: "api",
    signed: { sha256: sha256(aTranscription()), received_at: RECEIVED },
  });
  expect(await run({ checkDepth: () => "upload" })).toMatchObject({ present: 1, recovered: 0 });
});

test("does not replace a call that a person edited, or one that arrived during the fetch", async () => {
  const { world, run } = await archiveAndElevenLabs();
  await world.take(aTranscription());
  const edited = aTranscription({ user_id: "edited" });
  await world.archive.put(KEY, edited);
  expect(await run({ checkDepth: () => "bytes" })).toMatchObject({ present: 1, recovered: 0 });
  expect(world.archive.objects.get(KEY)?.body).toEqual(edited);

  await world.archive.put(KEY, edited.subarray(0, 300));
  const put: Archive["put"] = async (key, ...rest) => {
    if (key === KEY) await world.delivered(aTranscription({ user_id: "as delivered" }));
    return world.archive.put(key, ...rest);
  };
  expect(await run({ checkDepth: () => "bytes", archive: { ...world.archive, put } })).toMatchObject({ present: 1 });
  expect(world.archive.objects.get(KEY)?.metadata).toMatchObject({ source: "webhook" });
});

test("fetches a missing recording, and redoes no other step", async () => {
  const { world, run, server } = await archiveAndElevenLabs();
  await world.take(aTranscription());
  server.recordings.set("conv_1", MP3);
  const remembered = [...world.memories.all];
  expect(await run()).toMatchObject({ present: 1, recoveredRecordings: 1 });
  expect(world.archive.objects.get("12025550101/conv_1.mp3")?.body).toEqual(MP3);
  expect(await world.rows("recordings")).toHaveLength(1);
  expect(world.memories.all).toEqual(remembered);
  expect(world.archive.objects.get(KEY)?.metadata).toMatchObject({ redo: "audio" });
  const { writes, archive } = counting(world.archive);
  expect(await run({ archive })).toMatchObject({ recoveredRecordings: 0 });
  expect(writes).toEqual([]);
});

test("does not replace a webhook that arrives during the fetch", async () => {
  const { world, run } = await archiveAndElevenLabs();
  const genuine = aTranscription({ user_id: "as delivered" });
  const put: Archive["put"] = async (key, ...rest) => {
    if (key === KEY) await world.delivered(genuine);
    return world.archive.put(key, ...rest);
  };
  expect(await run({ archive: { ...world.archive, put } })).toMatchObject({ present: 1, recovered: 0 });
  expect(world.archive.objects.get(KEY)).toMatchObject({ body: genuine, metadata: { source: "webhook" } });
});

test("two runs at once fetch a call once", async () => {
  const { world, run } = await archiveAndElevenLabs();
  const found = await Promise.all([run(), run()]);
  expect(found.map(({ recovered }) => recovered).toSorted()).toEqual([0, 1]);
  expect(await world.rows("conversations")).toHaveLength(1);
});

test("the next run completes after a crash at any step", async () => {
  const { world: undisturbed, run, server } = await archiveAndElevenLabs();
  server.recordings.set("conv_1", MP3);
  await run();
  for (const isThere of [false, true]) {
    for (let effects = 0; effects < 3; effects += 1) {
      const { world, run: again, server } = await archiveAndElevenLabs();
      if (isThere) await world.take(aTranscription());
      server.recordings.set("conv_1", MP3);
      await again({ archive: dyingAfter(effects, world.archive) });
      await again();
      await again();
      expect(await world.rows("recordings"), `${effects} effects`).toHaveLength(1);
      expect(await world.rows("conversations")).toHaveLength(1);
      if (!isThere) expect(world.snapshot()).toEqual(undisturbed.snapshot());
    }
  }
});

/** `archive` for a process that crashes after `effects` writes. */
function dyingAfter(effects: number, archive: Archive): Archive {
  let left = effects;
  async function doing<Result>(effect: () => Promise<Result>): Promise<Result> {
    left -= 1;
    if (left < 0) throw new Error("killed");
    return effect();
  }
  return {
    ...archive,
    put: (...args) => doing(() => archive.put(...args)),
    rePut: (...args) => doing(() => archive.rePut(...args)),
  };
}

test("returns the reason for each call that cannot be fetched, and continues with the others", async () => {
  const ids = ["gone", "page", "other", "silent", "fine"];
  const calls = ids.map((conversation_id) =>
    aTranscription({ conversation_id, has_audio: conversation_id === "fine" }),
  );
  const { server, run, reconciled } = await archiveAndElevenLabs(calls);
  const answer = (path: string, status: number, body: string, times = 9) =>
    server.fail({ does: "answer", status, body }, { on: new RegExp(`${path}$`), times });
  answer("/gone", 404, "");
  answer("/page", 200, "<html>");
  answer("/other", 200, dataIn(aTranscription({ conversation_id: "another" })));
  answer("/silent", 503, "");
  // A day later, because until then an absent recording may only be late.
  const now = () => new Date(NOW.getTime() + 86_400_000);
  expect(await run({ now })).toMatchObject({ recovered: 1, unrecoverable: 3, failed: 1, unrecoverableRecordings: 1 });
  expect(Object.fromEntries(reconciled.map(({ conversationId, reasons }) => [conversationId, reasons.join()]))).toEqual(
    {
      gone: "ElevenLabs no longer has gone",
      page: "ElevenLabs did not send a conversation",
      other: "ElevenLabs sent another conversation: another",
      silent: "could not fetch silent: ElevenLabs answered 503",
      fine: "ElevenLabs has no recording of fine",
    },
  );
});

test("stores a call without its recording if the download breaks off, and the next run fetches it", async () => {
  const { server, world, run } = await archiveAndElevenLabs();
  server.recordings.set("conv_1", MP3);
  server.fail({ does: "cut body", afterBytes: 1_000 }, { on: /audio$/, times: 2 });
  expect(await run()).toMatchObject({ recovered: 1, failedRecordings: 1 });
  expect(world.archive.objects.has("12025550101/conv_1.mp3")).toBe(false);
  expect(await run()).toMatchObject({ present: 1, recoveredRecordings: 1 });
  expect(await world.rows("recordings")).toHaveLength(1);
});

test("throws if the list refuses the key, and names the variable", async () => {
  const { server, run } = await archiveAndElevenLabs();
  server.fail({ does: "answer", status: 401 }, { times: 9 });
  await expect(run()).rejects.toThrow(/list conversations.*401: check ELEVENLABS_API_KEY/);
  await expect(run()).rejects.toThrow(ServiceRefused);
});

test("does not fetch a call that ended after endedBefore", async () => {
  const { run } = await archiveAndElevenLabs();
  const end = new Date((START + 40) * 1000);
  expect(await run({ endedBefore: new Date(end.getTime() - 1) })).toMatchObject({ unfinished: 1, recovered: 0 });
  expect(await run({ endedBefore: end })).toMatchObject({ unfinished: 0, recovered: 1 });
});

test("a dry run counts what is missing, fetches no call and writes nothing", async () => {
  const known = ["known", "silent"].map((conversation_id) => aTranscription({ conversation_id }));
  const { server, world, run } = await archiveAndElevenLabs([aTranscription(), ...known]);
  for (const body of known) await world.take(body);
  server.recordings.set("known", MP3);
  const { writes, archive } = counting(world.archive);
  const before = server.requests.length;
  expect(await run({ archive, isDryRun: true })).toMatchObject({ missing: 1, present: 2, missingRecordings: 1 });
  expect(writes).toEqual([]);
  expect(server.requests.slice(before).filter(({ path }) => /conv_1|known$|silent$/.test(path))).toEqual([]);
});

test("a failed put is not taken for a call that arrived meanwhile", async () => {
  const { world, run, reconciled } = await archiveAndElevenLabs();
  const put = () => Promise.reject(new Error("the disk is full"));
  expect(await run({ archive: { ...world.archive, put } })).toMatchObject({ failed: 1 });
  expect(reconciled[0]?.reasons).toEqual(["the disk is full"]);
  expect(new PreconditionFailed(KEY)).toBeInstanceOf(Error);
});

test("keeps a webhook that is not processed yet, and its recording that was fetched gets a row", async () => {
  const { server, world, run } = await archiveAndElevenLabs();
  server.recordings.set("conv_1", MP3);
  await world.delivered(aTranscription());
  expect(await run()).toMatchObject({ present: 1, recoveredRecordings: 1 });
  expect(world.archive.objects.get(KEY)?.metadata).toMatchObject({ source: "webhook" });
  await world.process(KEY);
  expect(await world.rows("conversations")).toMatchObject([{ source: "webhook" }]);
  expect(await world.rows("recordings")).toMatchObject([{ source: "api" }]);
});

test("a conversation that the key may not read does not stop the others", async () => {
  const ids = ["one", "secret", "other"];
  const { server, run, reconciled } = await archiveAndElevenLabs(
    ids.map((conversation_id) => aTranscription({ conversation_id })),
  );
  server.fail({ does: "answer", status: 403 }, { on: /secret$/ });
  expect(await run()).toMatchObject({ recovered: 2, failed: 1 });
  expect(reconciled[1]?.reasons).toEqual(["could not fetch secret: ElevenLabs answered 403: check ELEVENLABS_API_KEY"]);
});

const MANY = Array.from({ length: 40 }, (_, index) => `conv_${index}`);

/** ElevenLabs' responses to a key without a permission and to an invalid key (as seen in 2026-02 and 2026-08). */
const PERMISSION = {
  detail: { status: "missing_permissions", message: "The API key you used is missing the permission convai_read to …" },
};
const NO_KEY = { detail: { status: "invalid_api_key", message: "Invalid API key" } };

test.each([
  ["a 401", 401, "", 8],
  ["a 401 for an invalid key", 401, JSON.stringify(NO_KEY), 8],
  ["a 403 for a missing permission", 403, JSON.stringify(PERMISSION), 8],
  ["a row of 403", 403, "", 16],
])("stops if the key is rejected for conversations: %s", async (_, status, body, most) => {
  const { server, world, run } = await archiveAndElevenLabs(
    MANY.map((conversation_id) => aTranscription({ conversation_id })),
  );
  server.fail({ does: "answer", status, body }, { on: /conversations\/conv/, times: Number.POSITIVE_INFINITY });
  await expect(run()).rejects.toThrow(
    new RegExp(`could not fetch conv_\\d+: ElevenLabs answered ${status}: check ELEVENLABS_API_KEY`),
  );
  await expect(run()).rejects.toThrow(ServiceRefused);
  const requested = server.requests.filter(({ path }) => path.includes("/conv_"));
  expect(requested.length).toBeLessThanOrEqual(2 * most);
  expect(world.archive.objects.size).toBe(0);
});

test("the error names the permission that the key lacks", async () => {
  const { server, run } = await archiveAndElevenLabs();
  server.fail({ does: "answer", status: 401, body: JSON.stringify(PERMISSION) }, { on: /conv_1$/ });
  await expect(run()).rejects.toThrow(/401: check ELEVENLABS_API_KEY: it lacks the permission convai_read$/);
});

test.each([401, 403])(
  "stops if the key is rejected for recordings with %d, and keeps the fetched call",
  async (status) => {
    const { server, world, run, reconciled } = await archiveAndElevenLabs(
      MANY.map((conversation_id) => aTranscription({ conversation_id })),
    );
    for (const body of MANY.slice(1).map((conversation_id) => aTranscription({ conversation_id })))
      await world.take(body);
    server.fail({ does: "answer", status }, { on: /audio$/, times: Number.POSITIVE_INFINITY });
    const before = server.requests.length;
    await expect(run()).rejects.toThrow(/could not fetch the recording of conv_\d+: ElevenLabs answered/);
    expect(server.requests.length - before).toBeLessThanOrEqual(20);
    expect(world.archive.objects.has("12025550101/conv_0.json")).toBe(true);
    expect(reconciled[0]).toMatchObject({ call: "recovered", recording: "failed", key: "12025550101/conv_0.json" });
  },
);

test("does not stop when every recording is refused while calls are fetched", async () => {
  const { server, run } = await archiveAndElevenLabs(
    MANY.map((conversation_id) => aTranscription({ conversation_id })),
  );
  server.fail({ does: "answer", status: 403 }, { on: /audio$/, times: Number.POSITIVE_INFINITY });
  expect(await run()).toMatchObject({ recovered: 40, failedRecordings: 40 });
});

test("does not fetch a call whose index is damaged, because it may be deleted, and returns the reason", async () => {
  const { world, run, reconciled } = await archiveAndElevenLabs();
  await world.archive.put("_index/conv_1", Buffer.from('{"conversation":"conv_1","objects":{},"daxs":[]}'));
  expect(await run()).toMatchObject({ listed: 1, recovered: 0 });
  expect(reconciled).toMatchObject([
    { call: "failed", reasons: [expect.stringMatching(/index of conv_1 is damaged: npm run verify/)] },
  ]);
  expect(world.archive.objects.has(KEY)).toBe(false);
});
