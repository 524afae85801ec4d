import { type Log, type LogEntry, masked, reasonOf } from "../clients/observability/log.ts";
import type { Delivery, Reception } from "./receive.ts";
import type { Refusal } from "./signature.ts";

/** The response to a request: a status and one JSON object. */
export interface HttpResponse {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The path for deliveries. */
export const PATH = "/post-call";

/** The dependencies of `respondToDelivery`. */
export interface ResponseDeps {
  readonly receive: (delivery: Delivery) => Promise<Reception>;
  /** The longest that storing may take, in milliseconds. After it the response is 500, and the sender retries. */
  readonly storeTimeoutMs: number;
  readonly log: Log;
}

/** The response to a request that is not a delivery; `undefined` if its path and method are those of a delivery. */
export function notADeliveryResponse(path: string | undefined, method: string | undefined): HttpResponse | undefined {
  if (plainPath(path) !== PATH)
    return { status: 404, body: { status: "refused", reason: `no such path: POST ${PATH}` } };
  return method === "POST" ? undefined : notAllowed("POST");
}

/**
 * `path` without the slashes that proxies and people add: several in a row become one, and one at the end is removed.
 * The path is not decoded, and keeps its case.
 */
export function plainPath(path: string | undefined): string {
  return (path ?? "").replace(/\/{2,}/g, "/").replace(/(?<=.)\/$/, "");
}

/** A path is logged up to this length. */
const LOGGED_CHARACTERS = 100;

/** The log entry of a request that is not a delivery. A path may contain phone numbers, which are masked. */
export function notADeliveryEntry(path: string | undefined, { status }: HttpResponse): LogEntry {
  // Without this, a number directly after an escape (%2B, a plus) would not be masked.
  const shown = masked((path ?? "").replace(/%[0-9a-f]{2}/gi, "%"));
  const isLong = shown.length > LOGGED_CHARACTERS;
  return { event: "not a delivery", path: isLong ? `${shown.slice(0, LOGGED_CHARACTERS)}…` : shown, status };
}

/** The response to a method that the path does not support. */
export function notAllowed(allow: string): HttpResponse {
  return { status: 405, body: { status: "refused", reason: `only ${allow} is allowed here` }, headers: { allow } };
}

/** The response to a delivery whose signature is missing, malformed or wrong. */
export function refusedResponse(reason: Refusal): HttpResponse {
  return { status: 401, body: { status: "refused", reason } };
}

/**
 * Receives a delivery and returns the response. Does not throw.
 *
 * Without a `reception` the delivery was not stored, or not in time. The response is then 500, and the sender retries.
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

/** The log entry of a delivery. */
function receptionEntry({ status, ...rest }: Reception): LogEntry {
  return { event: status, ...rest, ...("key" in rest && { key: masked(rest.key) }) };
}

/** Returns the result of `storing`. Throws after `ms`, so that the sender gets a response and retries. */
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
