import type { Context } from "aws-lambda";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ConversationWindow, ListedConversation } from "../../../handlers/clients/conversation-source.ts";
import type { LogEntry } from "../../../handlers/clients/log.ts";
import type { Measurement } from "../../../handlers/clients/measure.ts";
import { reconcileHandler } from "../../../handlers/reconcile/schedule-handler.ts";
import { aTranscription, START } from "../../fixtures/events.ts";
import { aWebhook, SENT } from "../../fixtures/webhooks.ts";
import { aWorld } from "../../fixtures/world.ts";

const URL = "https://archive.example.com/post-call";
const WELL = { webhooks: [aWebhook(URL)], settings: SENT, clockAheadSecs: 0 };

/** Two hours after the ordinary call. */
const NOW = new Date((START + 7_200) * 1000);

/** The function on an archive that lacks the ordinary call, which ElevenLabs lists, and one that it no longer has. */
function aFunction(changes: Partial<Parameters<typeof reconcileHandler>[0]> = {}) {
  const { archive } = aWorld();
  const [logged, measured, windows]: [LogEntry[], Measurement[], ConversationWindow[]] = [[], [], []];
  const handler = reconcileHandler({
    archive,
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
    webhookUrl: URL,
    hours: 24,
    now: () => NOW,
    log: (entry) => logged.push(entry),
    measure: (figures) => measured.push(...figures),
    ...changes,
  });
  const run = (msLeft = 900_000) => handler({}, { getRemainingTimeInMillis: () => msLeft } as Context);
  return { run, archive, logged, measured, windows };
}

test("fetches what is missing of the last hours, and says and counts what it could not", async () => {
  const { run, archive, logged, measured, windows } = aFunction();
  await run();
  expect(windows).toEqual([{ from: new Date("2026-11-19T09:00:00Z"), until: new Date("2026-11-20T11:00:00Z") }]);
  expect(archive.objects.has("12025550101/conv_1.json")).toBe(true);
  expect(logged).toMatchObject([
    { event: "recovered", conversation: "conv_1" },
    { event: "unrecoverable", conversation: "conv_gone", reason: "ElevenLabs no longer has conv_gone" },
    { event: "reconciled", listed: 2, recovered: 1, unrecoverable: 1 },
  ]);
  expect(measured).toEqual([
    { name: "WebhookFindings", value: 0 },
    { name: "MissingCalls", value: 1 },
    { name: "RecoveredCalls", value: 1 },
    { name: "RecoveredRecordings", value: 0 },
  ]);
});

test("looks as far back as it is told, and never less than recordings need", async () => {
  for (const [hours, from] of [
    [6, "2026-11-19T09:00:00Z"],
    [48, "2026-11-18T11:00:00Z"],
  ] as const) {
    const { run, windows } = aFunction({ hours });
    await run();
    expect(windows[0]?.from).toEqual(new Date(from));
  }
});

test("tells of what is wrong with the webhook", async () => {
  const off = { ...WELL, webhooks: WELL.webhooks.map((webhook) => ({ ...webhook, isAutoDisabled: true })) };
  const { run, logged, measured } = aFunction({ webhooks: { state: async () => off } });
  await run();
  expect(logged).toContainEqual(expect.objectContaining({ event: "webhook", subject: "state" }));
  expect(measured).toContainEqual({ name: "WebhookFindings", value: 1 });
});

test("does its work with a key that may not see the webhook's settings, and says that it may not", async () => {
  const state = () => Promise.reject(new Error("ElevenLabs answered 403"));
  const { run, logged, measured } = aFunction({ webhooks: { state } });
  await run();
  expect(logged).toContainEqual({ event: "webhook not looked at", reason: "ElevenLabs answered 403" });
  expect(measured.map(({ name }) => name)).toEqual(["MissingCalls", "RecoveredCalls", "RecoveredRecordings"]);
});

test("begins no call for which there is no time, and has lost nothing by it", async () => {
  const { run, archive, logged } = aFunction();
  await run(60_000);
  expect(archive.objects.size).toBe(0);
  expect(logged).toMatchObject([{ event: "out of time", listed: 0 }]);
});

test("fails, and says why, where ElevenLabs cannot be asked", async () => {
  // biome-ignore lint/correctness/useYield: it fails before it could.
  const list = async function* () {
    throw new Error("could not list conversations: no");
  };
  const conversations = { list, conversation: async () => undefined };
  const { run, logged } = aFunction({ conversations });
  await expect(run()).rejects.toThrow("could not list");
  expect(logged).toEqual([{ event: "failed", reason: "could not list conversations: no" }]);
});

test("each call of up to two hours is looked at once its recording is waited for no longer, whenever the hourly runs are", async () => {
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
