import { type Log, type LogEntry, masked, reasonOf } from "../clients/observability/log.ts";
import type { Delivery, Reception } from "./receive.ts";
import type { Refusal } from "./signature.ts";

/** What is sent back for one request: a status and one JSON object. */
export interface HttpResponse {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Where deliveries are posted to. */
export const PATH = "/post-call";

/** What answering deliveries needs from outside. */
export interface ResponseDeps {
  readonly receive: (delivery: Delivery) => Promise<Reception>;
  /** How long storing may take before the sender is told to try again, in milliseconds. */
  readonly storeTimeoutMs: number;
  readonly log: Log;
}

/** The answer to a request that is no delivery; `undefined` if it is one, by its path and method. */
export function notADeliveryResponse(path: string | undefined, method: string | undefined): HttpResponse | undefined {
  if (plainPath(path) !== PATH)
    return { status: 404, body: { status: "refused", reason: `no such path: POST ${PATH}` } };
  return method === "POST" ? undefined : notAllowed("POST");
}

/**
 * `path` without the slashes that proxies and people add: several in a row are one, and the one at the end goes. It is
 * not decoded, and keeps its case.
 */
export function plainPath(path: string | undefined): string {
  return (path ?? "").replace(/\/{2,}/g, "/").replace(/(?<=.)\/$/, "");
}

/** A longer path is logged as its beginning. */
const LOGGED_CHARACTERS = 100;

/** What is logged of a request that was answered by its path or method alone. A path may hold phone numbers. */
export function notADeliveryEntry(path: string | undefined, { status }: HttpResponse): LogEntry {
  // An escape (%2B, a plus) that touches a number would hide it from the mask.
  const shown = masked((path ?? "").replace(/%[0-9a-f]{2}/gi, "%"));
  const isLong = shown.length > LOGGED_CHARACTERS;
  return { event: "not a delivery", path: isLong ? `${shown.slice(0, LOGGED_CHARACTERS)}…` : shown, status };
}

/** The answer to another method than those that a path takes. */
export function notAllowed(allow: string): HttpResponse {
  return { status: 405, body: { status: "refused", reason: `only ${allow} is allowed here` }, headers: { allow } };
}

/** The answer to a delivery that is not signed as it must be. */
export function refusedResponse(reason: Refusal): HttpResponse {
  return { status: 401, body: { status: "refused", reason } };
}

/**
 * Receives a delivery and answers it, whatever becomes of it.
 *
 * Without a `reception` it could not be stored, or not in time: nothing is promised, and the sender tries again
 * after a 5xx.
 */
export async function respondToDelivery(
  delivery: Delivery,
  { receive, storeTimeoutMs, log }: ResponseDeps,
): Promise<{ readonly response: HttpResponse; readonly reception?: Reception }> {
  try {
    const reception = await withTimeout(storeTimeoutMs, receive(delivery));
    log({ ...receptionEntry(reception), bytes: delivery.body.length });
    const response =
      reception.status === "refused" ? refusedResponse(reception.reason) : { status: 200, body: { ...reception } };
    return { response, reception };
  } catch (error) {
    log({ event: "store failed", reason: reasonOf(error) });
    const reason = "the archive could not store the delivery: send it again";
    return { response: { status: 500, body: { status: "failed", reason } } };
  }
}

/** What became of a delivery, as it is logged. */
function receptionEntry({ status, ...rest }: Reception): LogEntry {
  return { event: status, ...rest, ...("key" in rest && { key: masked(rest.key) }) };
}

/** What `storing` gives, if it takes no longer than `ms`: a sender that hears nothing does not know that it failed. */
async function withTimeout<Result>(ms: number, storing: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const tooSlow = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`storing took longer than ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([storing, tooSlow]);
  } finally {
    clearTimeout(timer);
  }
}
