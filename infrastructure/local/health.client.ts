import { at, number, text } from "../../handlers/call/json.ts";
import { messageOf } from "../../handlers/clients/observability/log.ts";
import { parsedJson } from "../../queries/tables/parsed-json.ts";

/** The health of an archive: `unknown` if it reports none, `silent` if it is busy, `gone` if nothing listens there. */
export type Health =
  | { readonly state: "at work"; readonly pending: number; readonly failed: number; readonly degraded?: string }
  | { readonly state: "unknown" | "silent" }
  | { readonly state: "gone"; readonly reason: string };

/** How long a busy archive may take to respond, in milliseconds. */
const HEALTH_TIMEOUT_MS = 10_000;

/** Requests the health of the archive at `url`. `unknown` for API Gateway, which has no such path. */
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
