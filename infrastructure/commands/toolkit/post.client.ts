import { messageOf } from "../../../handlers/clients/observability/log.ts";
import { signature } from "../../../handlers/receive/signature.ts";

/** The longest wait for a response. API Gateway itself times out after 30 s. */
const TIMEOUT_MS = 30_000;

/** The response of an archive; status 0 and the reason if there was none. */
export interface PostResult {
  readonly status: number;
  readonly text: string;
  /** The `Date` header; `null` if there is none. */
  readonly date: string | null;
}

/** Posts `body` as ElevenLabs does, signed with `secret`. Never throws: a missing response has status 0. */
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
