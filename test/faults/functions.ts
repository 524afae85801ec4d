import type { APIGatewayProxyEventV2, Context, SQSEvent } from "aws-lambda";
import type { Archive } from "../../handlers/clients/archive/archive.ts";
import { elevenLabsRecordings } from "../../handlers/clients/elevenlabs/elevenlabs-recordings.client.ts";
import { mem0Memories } from "../../handlers/clients/memory/mem0.client.ts";
import { queueHandler } from "../../handlers/process/queue-handler.ts";
import { httpHandler } from "../../handlers/receive/http-handler.ts";
import type { Random } from "../../infrastructure/samples/random.ts";
import type { ElevenLabsServer } from "../support/servers/elevenlabs-server.ts";
import type { Mem0Server } from "../support/servers/mem0-server.ts";
import type { Faults } from "./faults.ts";
import { archiveIn, memoriesIn, recordingsIn, startInvocation } from "./invocation.ts";
import type { ReceivedMessage } from "./object-queue.ts";
import type { Receiver } from "./sender.ts";
import { serviceFaults } from "./service-faults.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** The external systems of our functions. */
export interface Outside {
  readonly time: VirtualTime;
  readonly faults: Faults;
  readonly random: Random;
  readonly bucket: Archive;
  readonly analytics: Archive;
  readonly mem0: Mem0Server;
  readonly elevenLabs: ElevenLabsServer;
  readonly secrets: { readonly webhook: string; readonly mem0: string; readonly elevenLabs: string };
  /** Records each log entry and measurement. */
  readonly log: (entry: unknown) => void;
}

/** Options of a simulated processor. */
export interface ProcessorOptions {
  readonly limitMs: number;
  readonly skewMs: () => number;
  readonly retryIn: (receipt: string, seconds: number) => void;
  readonly processLater: (key: string, seconds: number) => void;
}

/** The time limit of the deployed receiver. */
const RECEIVER_LIMIT_MS = 25_000;

/** The timeout of hanging requests, in real time. A busy machine must answer sooner, or a run is not repeatable. */
const TIMEOUT_MS = 600;

/** The deployed receiver. Each delivery is a separate invocation. */
export function receiverOf({ time, faults, random, bucket, secrets, log }: Outside): Receiver {
  return async (body, signature) => {
    const invocation = startInvocation({ time, faults, random, limitMs: RECEIVER_LIMIT_MS, skewMs: 0 });
    const handle = httpHandler({
      archive: archiveIn(invocation, "receiver", bucket),
      secrets: () => invocation.perform("receiver secrets", async () => [secrets.webhook]),
      toleranceSeconds: 30 * 60,
      // In real time. The simulated invocation ends before that.
      storeTimeoutMs: 60_000,
      now: invocation.clock.now,
      log,
      measure: log,
    });
    const answer = await Promise.race([handle(requestOf(body, signature)), invocation.ended]);
    return answer && { status: answer.statusCode ?? 0, body: answer.body ?? "" };
  };
}

/** The deployed processor. Processes a batch, and returns the ids of the done messages; none if it crashed. */
export function processorOf(outside: Outside, options: ProcessorOptions) {
  const { limitMs, skewMs, retryIn, processLater } = options;
  const { time, faults, random, bucket, analytics, mem0, elevenLabs, secrets, log } = outside;
  const addsFail = serviceFaults("Mem0 add", mem0, [/POST .*\/add\/$/, /GET .*\/event\//], faults, random);
  const forgetsFail = serviceFaults("Mem0 list or delete", mem0, [/POST \/v3\/memories\/$/, /DELETE /], faults, random);
  const recordingsFail = serviceFaults("ElevenLabs", elevenLabs, [/\/audio$/], faults, random);
  let invocations = 0;

  return async (batch: readonly ReceivedMessage[]): Promise<string[]> => {
    const invocation = startInvocation({ time, faults, random, limitMs, skewMs: skewMs() });
    const { clock } = invocation;
    const timeouts = { timeoutMs: TIMEOUT_MS, stallMs: TIMEOUT_MS, clock };
    const memories = mem0Memories({ ...timeouts, apiKey: secrets.mem0, host: mem0.url });
    const recordings = elevenLabsRecordings({ ...timeouts, apiKey: secrets.elevenLabs, baseUrl: elevenLabs.url });
    const handle = queueHandler({
      archive: archiveIn(invocation, "archive", bucket),
      analytics: archiveIn(invocation, "analytics", analytics),
      memories: memoriesIn(invocation, {
        add: after(addsFail, memories.add),
        forget: after(forgetsFail, memories.forget),
      }),
      recordings: recordingsIn(invocation, { recording: after(recordingsFail, recordings.recording) }),
      now: clock.now,
      async retryIn(receipt, seconds) {
        if (!faults.strike()) return retryIn(receipt, seconds);
        faults.count("queue", "visibility not changed");
        throw new Error("visibility not changed");
      },
      processLater: (key, seconds) => invocation.perform("queue send", async () => processLater(key, seconds)),
      log,
      measure: log,
    });
    invocations += 1;
    const context = { awsRequestId: `invocation-${invocations}`, getRemainingTimeInMillis: invocation.remainingMs };
    const answer = await Promise.race([handle(eventOf(batch), context as Context), invocation.ended]);
    if (!answer) return [];
    const failed = answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    return batch.map(({ id }) => id).filter((id) => !failed.includes(id));
  };
}

/** Calls `plan` before each call of `use`. */
function after<Args extends readonly unknown[], Result>(plan: () => void, use: (...args: Args) => Result) {
  return (...args: Args) => {
    plan();
    return use(...args);
  };
}

function requestOf(body: Buffer, signature: string): APIGatewayProxyEventV2 {
  return {
    requestContext: { http: { path: "/post-call", method: "POST" }, stage: "$default" },
    headers: { "elevenlabs-signature": signature },
    body: body.toString("base64"),
    isBase64Encoded: true,
  } as unknown as APIGatewayProxyEventV2;
}

function eventOf(batch: readonly ReceivedMessage[]): SQSEvent {
  const Records = batch.map(({ id, receipt, body, receives }) => ({
    messageId: id,
    receiptHandle: receipt,
    body,
    attributes: { ApproximateReceiveCount: String(receives) },
  }));
  return { Records } as unknown as SQSEvent;
}
