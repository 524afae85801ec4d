import { signature } from "../../handlers/receive/signature.ts";
import { pythonJson } from "../../infrastructure/samples/python-json.ts";
import type { Random } from "../../infrastructure/samples/random.ts";
import type { SampleCall } from "../../infrastructure/samples/sample-calls.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** One webhook of ElevenLabs. */
export interface Webhook {
  readonly kind: "transcription" | "audio" | "failure" | "unknown";
  readonly conversationId: string;
  readonly body: Buffer;
  /** The signature: valid, too old (so that it is quarantined), or with another secret. */
  readonly signed: "now" | "long ago" | "by a stranger";
}

/** A webhook that got the answer 200. */
export interface Answered {
  readonly webhook: Webhook;
  readonly key: string;
}

/** Receives a delivery, and returns status and body, or `undefined` if it crashed. */
export type Receiver = (body: Buffer, signature: string) => Promise<{ status: number; body: string } | undefined>;

/** The pauses before retries. ElevenLabs retries transcriptions only (elevenlabs.io, post-call webhooks, 2026-11). */
const RETRIES_MS = [0, 30_000, 2 * 60_000, 8 * 60_000, 30 * 60_000];

const STALE_MS = 3_600_000;

/** Every webhook of `calls`, and some that are wrong: of an unknown type, with an old signature, or forged. */
export function webhooksOf(calls: readonly SampleCall[], random: Random): Webhook[] {
  return calls.flatMap(({ conversationId, bodies }) => {
    const webhook = (kind: Webhook["kind"], text: string, signed: Webhook["signed"] = "now") => [
      { kind, conversationId, body: Buffer.from(text), signed },
    ];
    const { transcription, audio, failure } = bodies;
    const text = transcription ?? failure ?? "";
    const type = random.pick(["post_call_emotion", "call/started", "../up"]);
    return [
      ...(transcription ? webhook("transcription", transcription) : []),
      ...(audio ? webhook("audio", audio) : []),
      ...(failure ? webhook("failure", failure) : []),
      ...(random.chance(0.05)
        ? webhook("unknown", pythonJson({ type, data: { conversation_id: conversationId } }))
        : []),
      ...(random.chance(0.01) ? webhook("unknown", `not JSON: ${conversationId}`) : []),
      ...(random.chance(0.03) ? webhook("unknown", text, "long ago") : []),
      ...(random.chance(0.03) ? webhook("unknown", text.replace("{", "{ "), "by a stranger") : []),
    ];
  });
}

/**
 * Sends `webhook` to `receiver` until it gets 200 or ElevenLabs' retries are used up, and then perhaps once more. Calls
 * `onAnswer` for each 200.
 */
export async function deliver(
  webhook: Webhook,
  receiver: Receiver,
  { time, random, secret }: { readonly time: VirtualTime; readonly random: Random; readonly secret: string },
  onAnswer: (answered: Answered) => void,
): Promise<void> {
  async function isAccepted(): Promise<boolean> {
    const signedAt = new Date(time.now() - (webhook.signed === "long ago" ? STALE_MS : 0));
    const key = webhook.signed === "by a stranger" ? "wsec_another" : secret;
    const answer = await receiver(webhook.body, signature(webhook.body, key, signedAt));
    if (answer?.status !== 200) return false;
    onAnswer({ webhook, key: JSON.parse(answer.body).key });
    return true;
  }

  const retries = webhook.kind === "transcription" ? RETRIES_MS : [];
  let isDone = await isAccepted();
  for (const pause of retries) {
    if (isDone) break;
    await time.sleep(pause);
    isDone = await isAccepted();
  }
  if (!random.chance(0.15)) return;
  await time.sleep(random.between(0, 3_600_000));
  await isAccepted();
}
