import { messageOf } from "../../../handlers/clients/observability/log.ts";
import { signature } from "../../../handlers/receive/signature.ts";

/** How long to wait for an answer: API Gateway itself gives up after 30 s. */
const TIMEOUT_MS = 30_000;

/** What an archive answered; status 0 and the reason where it did not. */
export interface PostResult {
  readonly status: number;
  readonly text: string;
  /** The `Date` header; `null` where there is none. */
  readonly date: string | null;
}

/** Posts `body` as ElevenLabs does, signed with `secret`. Never throws: no answer is an answer, too. */
export async function post(url: string, body: Buffer, secret: string, now: Date): Promise<PostResult> {
  const headers = { "content-type": "application/json", "elevenlabs-signature": signature(body, secret, now) };
  try {
    const response = await fetch(url, { method: "POST", body, headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const text = (await response.text()).trim();
    return { status: response.status, text, date: response.headers.get("date") };
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    return { status: 0, text: messageOf(cause), date: null };
  }
}
