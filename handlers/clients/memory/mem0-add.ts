import { at, list, text } from "../../call/json.ts";
import type { Clock } from "../clock.ts";
import { ServiceRefused, ServiceUnavailable } from "../http/service-errors.ts";
import { pauseBefore, type RetryPolicy } from "../retry-policy.ts";

interface AddStatusOptions {
  /** Asks once what became of an event, for at most so many milliseconds. */
  readonly event: (id: string, timeoutMs: number) => Promise<unknown>;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** Between two looks at an event. */
const PAUSES: RetryPolicy = { firstMs: 250, longestMs: 3_000 };

/** What Mem0 calls an event that is not over (docs.mem0.ai, Get Event, 2026-11). */
const OPEN = new Set(["PENDING", "RUNNING"]);

/**
 * Says whether what Mem0 answered to an add has been done, asking until it has or patience is over.
 *
 * Mem0 answers that it took the add on, `{status: "PENDING", event_id}`, or with what it added. Over an event
 * that nobody can tell us about nothing is known but that: it was accepted.
 *
 * @throws ServiceUnavailable if it took the add on and then failed at it.
 */
export async function outcomeOfAdd(answer: unknown, options: AddStatusOptions): Promise<"added" | "accepted"> {
  const parts = [answer, ...list(answer), ...list(at(answer, "results"))];
  if (parts.some((part) => status(part) === "FAILED")) throw failed();
  const open = parts.filter((part) => OPEN.has(status(part) ?? ""));
  const ids = open.map((part) => text(at(part, "eventId"))).filter((id) => id !== null);
  if (ids.length < open.length) return "accepted";

  const until = options.clock.now().getTime() + options.timeoutMs;
  for (const id of ids) {
    if (!(await succeeds(id, until, options))) return "accepted";
  }
  return "added";
}

async function succeeds(id: string, until: number, { event, clock }: AddStatusOptions): Promise<boolean> {
  for (let attempt = 0; ; attempt += 1) {
    await clock.sleep(pauseBefore(attempt, PAUSES));
    const left = until - clock.now().getTime();
    if (left <= 0) return false;
    const now = await progress(() => event(id, left));
    if (now === "FAILED") throw failed();
    if (now === "SUCCEEDED") return true;
    if (now === "UNKNOWN") return false;
  }
}

/** A look that fails is no news; one that is refused says that there never will be any. */
async function progress(request: () => Promise<unknown>): Promise<string> {
  try {
    return status(await request()) ?? "PENDING";
  } catch (error) {
    if (error instanceof ServiceUnavailable) return "PENDING";
    if (error instanceof ServiceRefused) return "UNKNOWN";
    throw error;
  }
}

function status(part: unknown): string | null {
  return text(at(part, "status"));
}

function failed(): ServiceUnavailable {
  return new ServiceUnavailable("Mem0 took it on and then failed at it");
}
