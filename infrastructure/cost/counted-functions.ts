import { Readable } from "node:stream";
import type { Archive } from "../../handlers/clients/archive/archive.ts";
import type { ConversationWindow } from "../../handlers/clients/elevenlabs/conversation-source.ts";
import type { LogEntry } from "../../handlers/clients/observability/log.ts";
import type { Measurement } from "../../handlers/clients/observability/measure.ts";
import { ALWAYS_SENT } from "../../handlers/clients/observability/sent-metrics.ts";
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
import type { TypicalCall } from "./typical-call.ts";

/** What one or more invocations did: requests to S3, metrics by name, and bytes of log lines. */
export interface Work {
  readonly requests: Requests;
  readonly metrics: readonly string[];
  readonly logBytes: number;
}

/** What Lambda, Powertools and CloudWatch add to each line: time, level, ids (an estimate). */
const LINE_OVERHEAD_BYTES = 300;

/** Lambda's lines START, END and REPORT (an estimate). */
const PLATFORM_BYTES = 400;

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

/**
 * The deployed functions on two archives, with a clock that stands still in each invocation. `all` are the calls whose
 * recordings ElevenLabs has; it lists those that were received.
 */
export function countedFunctions(
  calls: Archive,
  rows: Archive,
  all: readonly TypicalCall[],
  hours: number,
  packedFromCalls?: number,
) {
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
    measure(all: readonly Measurement[]) {
      const measurements = all.filter(isSentByDefault);
      if (measurements.length === 0) return;
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
    analytics,
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
    ...(packedFromCalls !== undefined && { packedFromCalls }),
    busySchedule: undefined,
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

/** Whether a deployment sends a measurement without the dashboard and without an alarm for each problem. */
function isSentByDefault({ name, value }: Measurement): boolean {
  return value !== 0 && ALWAYS_SENT.some((each) => each === name);
}
