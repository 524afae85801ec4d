import { Readable } from "node:stream";
import type { Archive } from "../../handlers/clients/archive/archive.ts";
import type { ConversationWindow } from "../../handlers/clients/elevenlabs/conversation-source.ts";
import type { LogEntry } from "../../handlers/clients/observability/log.ts";
import type { Measurement } from "../../handlers/clients/observability/measure.ts";
import { CLOSE_AFTER_HOURS } from "../../handlers/compact/days.ts";
import { scheduleHandler } from "../../handlers/compact/schedule-handler.ts";
import { queueHandler } from "../../handlers/process/queue-handler.ts";
import { messageAbout } from "../../handlers/process/s3-event.ts";
import { httpHandler } from "../../handlers/receive/http-handler.ts";
import { reconcileHandler } from "../../handlers/reconcile/schedule-handler.ts";
import {
  addedRequests,
  type Counts,
  countedArchive,
  NO_REQUESTS,
  newCounts,
  type Requests,
} from "./counted-archive.ts";
import { batchOf, CONTEXT, deliveryOf, SECRET } from "./invocations.ts";
import { type TypicalCall, typicalCalls } from "./typical-call.ts";

/** What one or more invocations did: requests to S3, metrics by name, and bytes of log lines. */
export interface Work {
  readonly requests: Requests;
  readonly metrics: readonly string[];
  readonly logBytes: number;
}

/** What a call needs during its life, and what the scheduled functions need without calls. */
export interface MeasuredCall {
  readonly receive: Work;
  readonly process: Work;
  /** A run of the reconciler without calls. */
  readonly idleReconcile: Work;
  /** What a call adds to all runs of the reconciler together. */
  readonly reconcile: Requests;
  /** A run of the compactor that finds nothing to do. */
  readonly idleCompact: Work;
  /** What a day with calls adds to the run that closes it. */
  readonly closeDay: Requests;
  /** What a call adds to that run. */
  readonly closeCall: Requests;
  /** Messages to the queue. */
  readonly messages: number;
  /** Tags of its objects. */
  readonly tags: number;
  readonly bytes: {
    readonly json: number;
    readonly index: number;
    readonly mp3: number;
    readonly live: number;
    /** The parts of a day with one call: little more than their footers. */
    readonly dayWithOneCall: number;
  };
}

/** A healthy webhook, so that the reconciler has no findings. */
const WEBHOOK = {
  id: "wh_1",
  name: "archive",
  url: "https://archive.example.com/post-call",
  isDisabled: false,
  isAutoDisabled: false,
  isRetrying: true,
  authType: "hmac",
  lastFailureCode: null,
  lastFailureAt: null,
};
const SETTINGS = {
  webhookId: "wh_1",
  events: ["transcript", "call_initiation_failure"],
  isAudioSent: false,
  isTranscriptLeftOut: false,
};
const WEBHOOK_STATE = { webhooks: [WEBHOOK], settings: SETTINGS, clockAheadSecs: 0 };

const HOUR_MS = 60 * 60 * 1000;

/** Longer than the reconciler looks back. */
const RECONCILED_HOURS = 180;

/** What Lambda, Powertools and CloudWatch add to each line: time, level, ids (an estimate). */
const LINE_OVERHEAD_BYTES = 300;

/** Lambda's lines START, END and REPORT (an estimate). */
const PLATFORM_BYTES = 400;

/**
 * Measures a typical call by running the deployed handlers on archives that count requests. Uses no network.
 *
 * `newArchive` returns an empty archive. Two archives of different kinds give the same numbers. `reconcileBackHours` is
 * the setting of the deployment.
 */
export async function measureCall(newArchive: () => Archive, reconcileBackHours: number): Promise<MeasuredCall> {
  const [first, ...others] = typicalCalls(["01T10", "02T10", "02T11"].map((at) => new Date(`2026-11-${at}:00:00Z`)));
  if (!first) throw new Error("there is no typical call");
  const world = newWorld(newArchive(), newArchive(), [first, ...others], reconcileBackHours);
  const at = (hour: string) => new Date(`2026-11-${hour}:30:00Z`);

  const idleReconcile = await world.reconcile(at("01T09"));
  const receive = await world.receive(first);
  const process = await world.process(first);
  const { tags } = world.counts;
  let reconcile = NO_REQUESTS;
  for (let hour = 1; hour <= RECONCILED_HOURS; hour += 1) {
    const { requests } = await world.reconcile(new Date(first.endedAt.getTime() + hour * HOUR_MS));
    reconcile = addedRequests(addedRequests(reconcile, requests), idleReconcile.requests, -1);
  }

  await world.compact(at("01T09"));
  const idleCompact = await world.compact(at("01T23"));
  const closeOne = await world.compact(at("02T09"));
  const bytes = await world.bytesOf(first);
  for (const call of others) {
    await world.receive(call);
    await world.process(call);
  }
  const closeTwo = await world.compact(at("03T09"));
  const closeCall = addedRequests(closeTwo.requests, closeOne.requests, -1);
  const closeDay = [closeCall, idleCompact.requests].reduce(
    (left, other) => addedRequests(left, other, -1),
    closeOne.requests,
  );
  const messages = world.messages / (1 + others.length);
  return { receive, process, idleReconcile, reconcile, idleCompact, closeDay, closeCall, messages, tags, bytes };
}

/** The functions on two archives, with a clock that stands still in an invocation. */
function newWorld(calls: Archive, rows: Archive, all: readonly TypicalCall[], hours: number) {
  const counts: Counts = newCounts();
  const archive = countedArchive(calls, counts);
  const analytics = countedArchive(rows, counts);
  const keys: string[] = [];
  const received: TypicalCall[] = [];
  let [now, work]: [Date, Work] = [new Date(0), emptyWork()];
  const deps = {
    now: () => now,
    log(entry: LogEntry) {
      work = { ...work, logBytes: work.logBytes + JSON.stringify(entry).length + LINE_OVERHEAD_BYTES };
    },
    measure(measurements: readonly Measurement[]) {
      const metrics = [...new Set([...work.metrics, ...measurements.map(metricName)])];
      const logBytes = work.logBytes + JSON.stringify(measurements).length + LINE_OVERHEAD_BYTES;
      work = { ...work, metrics, logBytes };
    },
  };
  const recordings = {
    recording: async (id: string) =>
      all.flatMap(({ conversationId, mp3 }) => (conversationId === id ? [Readable.from([mp3])] : []))[0],
  };

  const receive = httpHandler({
    ...deps,
    archive: {
      put(key, body, options) {
        keys.push(key);
        return archive.put(key, body, options);
      },
    },
    secrets: async () => [SECRET],
    toleranceSeconds: 1800,
    storeTimeoutMs: 60_000,
  });
  const process = queueHandler({
    ...deps,
    archive,
    analytics,
    recordings,
    memories: { add: async () => "added", forget: async () => {} },
    retryIn: async () => {},
    processLater: async () => {},
  });
  const reconcile = reconcileHandler({
    ...deps,
    archive,
    recordings,
    conversations: { list: (window) => listed(received, window), conversation: async () => undefined },
    webhooks: { state: async () => WEBHOOK_STATE },
    agents: { agents: async () => ({ agents: [], refused: 0, isAll: true }) },
    webhookUrl: WEBHOOK.url,
    hours,
  });
  const compact = scheduleHandler({
    ...deps,
    analytics,
    moveViews: async () => {},
    longestQuerySeconds: 600,
    closeAfterHours: CLOSE_AFTER_HOURS,
  });

  /** Runs `task` at `time`, and returns what it did. */
  async function measured(time: Date, task: () => Promise<unknown>): Promise<Work> {
    [now, work] = [time, emptyWork()];
    const before = counts.requests;
    await task();
    return { ...work, requests: addedRequests(counts.requests, before, -1) };
  }

  return {
    counts,
    get messages() {
      return keys.length;
    },
    receive: (call: TypicalCall) =>
      measured(call.endedAt, async () => {
        const { statusCode } = await receive(deliveryOf(call.body, call.endedAt));
        if (statusCode !== 200) throw new Error(`the delivery got status ${statusCode}`);
        received.push(call);
      }),
    process: ({ endedAt }: TypicalCall) =>
      measured(endedAt, async () => {
        const { batchItemFailures } = await process(batchOf(messageAbout(keys.at(-1) ?? "")), CONTEXT);
        if (batchItemFailures.length > 0) throw new Error("the call was not processed");
      }),
    reconcile: (time: Date) => measured(time, () => reconcile({}, CONTEXT)),
    compact: (time: Date) => measured(time, () => compact({}, CONTEXT)),
    bytesOf: async ({ conversationId, body, mp3 }: TypicalCall) => ({
      json: inKilobytes(body.length),
      mp3: inKilobytes(mp3.length),
      index: inKilobytes(await bytesIn(calls, `_index/${conversationId}`)),
      live: inKilobytes(await bytesIn(rows, "live/")),
      dayWithOneCall: inKilobytes(await bytesIn(rows, "days/")),
    }),
  };
}

function emptyWork(): Work {
  return { requests: NO_REQUESTS, metrics: [], logBytes: PLATFORM_BYTES };
}

function metricName({ name, by }: Measurement): string {
  return [name, ...Object.values(by ?? {})].join(" ");
}

/** What ElevenLabs lists. */
async function* listed(calls: readonly TypicalCall[], { from, until }: ConversationWindow) {
  for (const { conversationId, startedAt, endedAt } of calls) {
    if (startedAt < from || startedAt >= until) continue;
    const durationSecs = (endedAt.getTime() - startedAt.getTime()) / 1000;
    yield { conversationId, agentId: null, startedAt, durationSecs, isFinished: true };
  }
}

/** Bytes, rounded up to whole kilobytes: archives differ in the length of version ids. */
function inKilobytes(bytes: number): number {
  return 1000 * Math.ceil(bytes / 1000);
}

async function bytesIn(archive: Pick<Archive, "list">, prefix: string): Promise<number> {
  let bytes = 0;
  for await (const { size } of archive.list(prefix)) bytes += size;
  return bytes;
}
