import { at, number, text } from "../../handlers/call/json.ts";
import { messageOf } from "../../handlers/clients/observability/log.ts";
import { parsedJson } from "../../queries/tables/parsed-json.ts";

/** How an archive is: `unknown` if it does not tell, `silent` if it did not answer this time, `gone` if nobody is there. */
export type Health =
  | { readonly state: "at work"; readonly pending: number; readonly failed: number; readonly degraded?: string }
  | { readonly state: "unknown" | "silent" }
  | { readonly state: "gone"; readonly reason: string };

/** An archive that is too busy to say how it is may take this long, in milliseconds. */
const HEALTH_TIMEOUT_MS = 10_000;

/** What the archive at `url` says of itself. API Gateway answers other paths than the webhook's by itself: `unknown`. */
export async function healthAt(url: string): Promise<Health> {
  try {
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) });
    const health = parsedJson(await response.text());
    const [pending, failed] = [number(at(health, "pending")), number(at(health, "failed"))];
    if (pending === null || failed === null) return { state: "unknown" };
    const degraded = text(at(health, "reason"));
    return { state: "at work", pending, failed, ...(degraded !== null && { degraded }) };
  } catch (error) {
    const cause = at(error, "cause") ?? error;
    const isBusy = at(cause, "code") === "ECONNRESET" || (cause instanceof Error && cause.name === "TimeoutError");
    return isBusy ? { state: "silent" } : { state: "gone", reason: messageOf(cause) };
  }
}
