import type { Context } from "aws-lambda";
import fc from "fast-check";
import { expect, test } from "vitest";
import { KeyNotSet } from "../../../handlers/clients/credentials/api-key.ts";
import type {
  ConversationWindow,
  ListedConversation,
} from "../../../handlers/clients/elevenlabs/conversation-source.ts";
import { ServiceRefused } from "../../../handlers/clients/http/service-errors.ts";
import type { LogEntry } from "../../../handlers/clients/observability/log.ts";
import type { Measurement } from "../../../handlers/clients/observability/measure.ts";
import { ProblemsRemain, reconcileHandler } from "../../../handlers/reconcile/schedule-handler.ts";
import { aTranscription, MP3, START } from "../../support/fixtures/events.ts";
import { aWebhook, SENT } from "../../support/fixtures/webhooks.ts";
import { aWorld } from "../../support/fixtures/world.ts";

const URL = "https://archive.example.com/post-call";
const WELL = { webhooks: [aWebhook(URL)], settings: SENT, clockAheadSecs: 0 };

/** An agent that posts to a webhook that is not the archive's. */
const ELSEWHERE = { id: "a1", name: null, own: { ...SENT, webhookId: "wh_2" }, isZeroRetention: false };

/** Two hours after the ordinary call. */
const NOW = new Date((START + 7_200) * 1000);

/**
 * The function with an empty archive. ElevenLabs lists the ordinary call, and one that it no longer has. `problems` has
 * the reason of each run that failed because of problems that remain.
 */
function aFunction(changes: Partial<Parameters<typeof reconcileHandler>[0]> = {}) {
  const { archive, analytics } = aWorld();
  const [logged, measured, windows]: [LogEntry[], Measurement[], ConversationWindow[]] = [[], [], []];
  const problems: string[] = [];
  const handler = reconcileHandler({
    archive,
    analytics,
    conversations: {
      async *list(window): AsyncGenerator<ListedConversation> {
        windows.push(window);
        const listed = { agentId: null, startedAt: new Date(START * 1000), durationSecs: 40, isFinished: true };
        yield { conversationId: "conv_1", ...listed };
        yield { conversationId: "conv_gone", ...listed };
      },
      conversation: async (id) =>
        id === "conv_1" ? Buffer.from(JSON.stringify(JSON.parse(aTranscription().toString()).data)) : undefined,
    },
    recordings: { recording: async () => undefined },
    webhooks: { state: async () => WELL },
    agents: { agents: async () => ({ agents: [ELSEWHERE], refused: 0, isAll: true }) },
    webhookUrl: URL,
    hours: 24,
    now: () => NOW,
    log: (entry) => logged.push(entry),
    measure: (measurements) => measured.push(...measurements),
    ...changes,
  });
  const run = (msLeft = 900_000) =>
    handler({}, { getRemainingTimeInMillis: () => msLeft } as Context).catch((error: unknown) => {
      if (!(error instanceof ProblemsRemain)) throw error;
      problems.push(error.message);
    });
  return { run, archive, logged, measured, windows, problems };
}

test("fetches the missing calls of the last hours, logs and counts those that it cannot fetch, and fails", async () => {
  const { run, archive, logged, measured, windows, problems } = aFunction();
  await run();
  expect(windows).toEqual([{ from: new Date("2026-11-19T09:00:00Z"), until: new Date("2026-11-20T11:00:00Z") }]);
  expect(archive.objects.has("12025550101/conv_1.json")).toBe(true);
  expect(logged).toMatchObject([
    { event: "recovered", conversation: "conv_1" },
    { event: "unrecoverable", conversation: "conv_gone", reason: "ElevenLabs no longer has conv_gone" },
    { event: "reconciled", listed: 2, recovered: 1, unrecoverable: 1 },
    { event: "failed", reason: "1 calls are missing" },
  ]);
  expect(problems).toEqual(["1 calls are missing"]);
  expect(measured).toEqual([
    { name: "WebhookFindings", value: 0 },
    { name: "MissingCalls", value: 1 },
    { name: "RecoveredCalls", value: 1 },
    { name: "RecoveredRecordings", value: 0 },
  ]);
});

const OFF = { ...WELL, webhooks: WELL.webhooks.map((webhook) => ({ ...webhook, isAutoDisabled: true })) };

test("counts no failure before the first key is set", async () => {
  const keyless = { list: () => keyNotSet(), conversation: keyNotSet };
  const { run, logged, measured } = aFunction({ conversations: keyless, webhooks: { state: keyNotSet } });
  await run();
  expect(measured).toEqual([]);
  expect(logged).toContainEqual(expect.objectContaining({ event: "waiting for a key" }));
});

test("logs findings about the webhook before the first call, but does not count them", async () => {
  const none = { list: async function* () {}, conversation: async () => undefined };
  const { run, logged, measured, problems } = aFunction({ conversations: none, webhooks: { state: async () => OFF } });
  await run();
  expect(logged).toContainEqual(expect.objectContaining({ event: "webhook", subject: "state" }));
  expect(measured.map(({ name }) => name)).not.toContain("WebhookFindings");
  expect(problems).toEqual([]);
});

test("checks once that the JSON of a call exists, in the last run that includes it", async () => {
  const world = aWorld();
  await world.take(aTranscription());
  await world.archive.put("12025550101/conv_1.mp3", MP3);
  await world.archive.delete("12025550101/conv_1.json");
  const heads: string[] = [];
  const head: typeof world.archive.head = (key) => {
    heads.push(key);
    return world.archive.head(key);
  };
  const archive = { ...world.archive, head };
  const at = (hours: number) => () => new Date(NOW.getTime() + hours * 3_600_000);
  await aFunction({ archive, now: at(0) }).run();
  await aFunction({ archive, now: at(23.9) }).run();
  expect(heads.filter((key) => key.endsWith(".json"))).toEqual([]);
  expect(world.archive.objects.has("12025550101/conv_1.json")).toBe(false);
  await aFunction({ archive, now: at(24.1) }).run();
  expect(world.archive.objects.get("12025550101/conv_1.json")?.metadata).toMatchObject({ source: "api" });
});

test("looks back the configured hours, and at least those that recordings need", async () => {
  for (const [hours, from] of [
    [6, "2026-11-19T09:00:00Z"],
    [48, "2026-11-18T11:00:00Z"],
  ] as const) {
    const { run, windows } = aFunction({ hours });
    await run();
    expect(windows[0]?.from).toEqual(new Date(from));
  }
});

test("logs and counts findings about the webhook, and fails after it reconciled", async () => {
  const { run, archive, logged, measured, problems } = aFunction({ webhooks: { state: async () => OFF } });
  await archive.put("12025550101/conv_0.json", aTranscription());
  await run();
  expect(logged).toContainEqual(expect.objectContaining({ event: "webhook", subject: "state" }));
  expect(measured).toContainEqual({ name: "WebhookFindings", value: 1 });
  expect(problems).toEqual([expect.stringMatching(/^state: .*; 1 calls are missing$/)]);
  expect(archive.objects.has("12025550101/conv_1.json")).toBe(true);
});

test("reconciles with a key that may not read the webhook's settings, and logs that", async () => {
  const state = () => Promise.reject(new Error("ElevenLabs answered 403"));
  const { run, logged, measured } = aFunction({ webhooks: { state } });
  await run();
  expect(logged).toContainEqual({ event: "webhook not looked at", reason: "ElevenLabs answered 403" });
  expect(measured.map(({ name }) => name)).toEqual(["MissingCalls", "RecoveredCalls", "RecoveredRecordings"]);
});

function keyNotSet(): never {
  throw new KeyNotSet("ELEVENLABS_API_KEY is not set yet");
}

test("begins no call when too little time is left, and logs that", async () => {
  const { run, archive, logged } = aFunction();
  await run(60_000);
  expect(archive.objects.size).toBe(0);
  expect(logged).toMatchObject([{ event: "out of time", listed: 0 }]);
});

test("fails and logs the reason if calls cannot be listed", async () => {
  // biome-ignore lint/correctness/useYield: it throws before it can yield.
  const list = async function* () {
    throw new Error("could not list conversations: no");
  };
  const conversations = { list, conversation: async () => undefined };
  const { run, logged } = aFunction({ conversations });
  await expect(run()).rejects.toThrow("could not list");
  expect(logged).toEqual([{ event: "failed", reason: "could not list conversations: no" }]);
});

test("fails if the key is rejected for a conversation", async () => {
  const { run, logged } = aFunction({
    conversations: {
      async *list(): AsyncGenerator<ListedConversation> {
        yield { conversationId: "conv_1", agentId: null, startedAt: null, durationSecs: 1, isFinished: true };
      },
      conversation: () => Promise.reject(new ServiceRefused("answered 401", { status: 401 })),
    },
  });
  await expect(run()).rejects.toThrow("answered 401");
  expect(logged.at(-1)).toEqual({ event: "failed", reason: "answered 401" });
});

test.each([
  ["2026-11-20T02:59:59Z", 0],
  ["2026-11-20T03:00:00Z", 1],
  ["2026-11-20T03:59:59Z", 1],
  ["2026-11-20T04:00:00Z", 0],
])("checks agents in one hour of the day: %s", async (time, count) => {
  const { run, archive, logged, measured } = aFunction({ now: () => new Date(time) });
  await archive.put("12025550101/conv_0.json", aTranscription());
  await run();
  expect(logged.filter(({ event, subject }) => event === "webhook" && subject === "agent")).toHaveLength(count);
  expect(Math.max(...measured.filter(({ name }) => name === "WebhookFindings").map(({ value }) => value))).toBe(count);
});

test("checks no agent when little time is left, and reconciles if agents cannot be read", async () => {
  const agents = () => Promise.reject(new Error("ElevenLabs answered 500"));
  const { run, logged } = aFunction({ now: () => new Date("2026-11-20T03:30:00Z"), agents: { agents } });
  await run(60_000);
  expect(logged.at(-1)).toEqual({ event: "agents not looked at", reason: "out of time" });
  await run();
  expect(logged.at(-1)).toEqual({ event: "agents not looked at", reason: "ElevenLabs answered 500" });
  expect(logged.map(({ event }) => event)).toContain("reconciled");
});

test("logs which part of the settings the key may not read", async () => {
  const state = async () => ({
    ...WELL,
    webhooks: { unseen: "could not read the webhooks: ElevenLabs answered 403" },
  });
  const { run, logged, measured } = aFunction({ webhooks: { state } });
  await run();
  const reason = "could not read the webhooks: ElevenLabs answered 403";
  expect(logged).toContainEqual({ event: "webhook not looked at", reason });
  expect(measured).toContainEqual({ name: "WebhookFindings", value: 0 });
});

test("a run includes each call of up to two hours after the last request for its recording", async () => {
  const HOUR = 3_600_000;
  const minutes = fc.integer({ min: 0, max: 120 });
  await fc.assert(
    fc.asyncProperty(minutes, minutes, async (phase, duration) => {
      const end = START * 1000 + duration * 60_000;
      let now = 0;
      const runs: { at: number; window: ConversationWindow | undefined }[] = [];
      const { run, windows } = aFunction({ now: () => new Date(now) });
      for (let hour = 0; hour < 30; hour += 1) {
        now = START * 1000 + phase * 60_000 + hour * HOUR;
        await run(60_000);
        runs.push({ at: now, window: windows.at(-1) });
      }
      const start = new Date(START * 1000);
      const isLast = ({ at, window }: (typeof runs)[number]) =>
        at >= end + 24 * HOUR && window !== undefined && window.from <= start && start < window.until;
      expect(runs.some(isLast)).toBe(true);
    }),
  );
});
