import { at, list, text } from "../../call/json.ts";
import type { Clock } from "../clock.ts";
import { ServiceRefused, ServiceUnavailable } from "../http/service-errors.ts";
import { pauseBefore, type RetryPolicy } from "../retry-policy.ts";

interface AddStatusOptions {
  /** Requests the state of an event once, for at most `timeoutMs`. */
  readonly event: (id: string, timeoutMs: number) => Promise<unknown>;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** The pauses between two requests for the state of an event. */
const PAUSES: RetryPolicy = { firstMs: 250, longestMs: 3_000 };

/** Mem0's states of an event that is not over (docs.mem0.ai, Get Event, 2026-11). */
const OPEN = new Set(["PENDING", "RUNNING"]);

/**
 * Returns whether Mem0 has done an add, by its answer to it. Polls until it has, or until the timeout.
 *
 * Mem0 answers with what it added, or that it accepted the add: `{status: "PENDING", event_id}`. If the state of the
 * event cannot be read, the add is only known to be accepted.
 *
 * @throws ServiceUnavailable if Mem0 accepted the add and then failed.
 */
export async function waitForAdd(answer: unknown, options: AddStatusOptions): Promise<"added" | "accepted"> {
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
    const now = await stateOfEvent(() => event(id, left));
    if (now === "FAILED") throw failed();
    if (now === "SUCCEEDED") return true;
    if (now === "UNKNOWN") return false;
  }
}

/** The state of an event. A request that fails leaves it pending. One that is refused leaves it unknown for good. */
async function stateOfEvent(request: () => Promise<unknown>): Promise<string> {
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
  return new ServiceUnavailable("Mem0 accepted the memory and then failed to add it");
}
