import type { Clock } from "../clock.ts";
import { pauseBefore, type RetryPolicy, withRetries } from "../retry-policy.ts";
import { type Refusal, type RefusalReader, refusalIn } from "./refusal.ts";
import { isAboutKey, ServiceRefused, ServiceUnavailable } from "./service-errors.ts";

/** A service: its name in errors, and the variables to check after a refusal. */
export interface Service {
  readonly name: string;
  readonly keyVariable: string;
  readonly addressVariable: string;
  /** Absent if the status of a refusal is reason enough. */
  readonly readRefusal?: RefusalReader;
}

export interface ServiceCall {
  readonly service: Service;
  readonly url: string;
  readonly init: Pick<RequestInit, "method" | "headers" | "body">;
  /**
   * Whether the request may be done twice. If not, it is retried only after a 429, which means that nothing was done.
   */
  readonly repeatable: boolean;
  /** Statuses besides 2xx whose answers `read` accepts. None by default. */
  readonly alsoRead?: readonly number[];
}

/** The timeout and the retries of requests to a service. */
export interface FetchPolicy {
  /** How long one attempt may take until its answer is read, in milliseconds. */
  readonly timeoutMs: number;
  /** How many attempts may follow the first. */
  readonly retries: number;
  /** The longest pause that `Retry-After` may set, in milliseconds. 20 s by default. */
  readonly longestPauseMs?: number;
  readonly clock: Clock;
}

/** The pauses between attempts. `Retry-After` may set longer ones only where `longestPauseMs` allows it. */
const PAUSES: RetryPolicy = { firstMs: 500, longestMs: 20_000 };

/**
 * Sends a request and reads the answer, with the timeout and the retries that `fetch` lacks.
 *
 * - Retries a timeout, a cut connection, a 408, a 429 and a 5xx; nothing else.
 * - Pauses double from half a second, minus up to half at random. `Retry-After` replaces them, up to `longestPauseMs`.
 * - `read` is part of the attempt: if it does not finish in time, the request is retried.
 * - Refuses a redirect: it would send the key to an address that is not configured.
 *
 * Its errors contain no body, header or path. Of a refusal they contain what `readRefusal` returns.
 *
 * @throws ServiceRefused for any other 3xx or 4xx.
 * @throws ServiceUnavailable when the last attempt failed too.
 */
export async function retryingFetch<Answer>(
  call: ServiceCall,
  read: (response: Response) => Promise<Answer>,
  policy: FetchPolicy,
): Promise<Answer> {
  function pauseAfter(error: unknown, retry: number): number | undefined {
    if (!(error instanceof ServiceUnavailable) || retry >= policy.retries) return undefined;
    if (!call.repeatable && error.status !== 429) return undefined;
    return pauseMs(retry, error.retryAfterMs, policy.longestPauseMs ?? PAUSES.longestMs);
  }

  return withRetries(() => attempt(call, read, policy), { clock: policy.clock, pauseAfter });
}

async function attempt<Answer>(
  { service, url, init, alsoRead = [] }: ServiceCall,
  read: (response: Response) => Promise<Answer>,
  { timeoutMs, clock }: FetchPolicy,
): Promise<Answer> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timeoutMs);
  try {
    const response = await fetch(url, { ...init, redirect: "manual", signal: limit.signal });
    if (response.ok || alsoRead.includes(response.status)) return await read(response);
    const refusal = await refusalIn(response, isTemporary(response.status) ? undefined : service.readRefusal);
    throw rejection(service, response, refusal, clock.now());
  } catch (error) {
    if (error instanceof ServiceRefused || error instanceof ServiceUnavailable) throw error;
    const what = limit.signal.aborted
      ? `${service.name} did not answer within ${timeoutMs / 1000} s`
      : `the connection to ${service.name} failed or was cut`;
    throw new ServiceUnavailable(what, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

function isTemporary(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

function rejection(
  service: Service,
  { status, headers }: Response,
  { reason, code }: Refusal,
  now: Date,
): ServiceRefused | ServiceUnavailable {
  const answered = `${service.name} answered ${status}`;
  if (isTemporary(status)) {
    return new ServiceUnavailable(answered, { status, retryAfterMs: retryAfterMs(headers.get("retry-after"), now) });
  }
  const isOfAddress = status < 400 || status === 404;
  const advice = isAboutKey(status)
    ? `check ${service.keyVariable}`
    : isOfAddress
      ? `check ${service.addressVariable}`
      : undefined;
  const parts = [answered, advice, reason].filter((part) => part !== undefined);
  return new ServiceRefused(parts.join(": "), { status, code });
}

/** `Retry-After` in milliseconds, from seconds or a date (RFC 9110, 10.2.3); `undefined` for anything else. */
function retryAfterMs(header: string | null, now: Date): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime());
}

function pauseMs(retry: number, statedMs: number | undefined, longestMs: number): number {
  if (statedMs !== undefined) return Math.min(statedMs, longestMs);
  return pauseBefore(retry, PAUSES) * (1 - Math.random() / 2);
}
