import { at, text, words } from "../../call/json.ts";
import { type Clock, systemClock } from "../clock.ts";
import { apiKey } from "../credentials/api-key.ts";
import type { Refusal } from "../http/refusal.ts";
import { retryingFetch, type Service } from "../http/retrying-fetch.client.ts";
import { ServiceRefused } from "../http/service-errors.ts";

/** The key and the address of ElevenLabs, and the retry policy. */
export interface ElevenLabsOptions {
  readonly apiKey: string;
  readonly baseUrl?: string;
  /** How long one attempt may take until the answer is read, or a recording begins. */
  readonly timeoutMs?: number;
  /** How many attempts may follow a failed one. */
  readonly retries?: number;
  /** The longest pause that `Retry-After` may set between two attempts. */
  readonly longestPauseMs?: number;
  /** How long a recording may pause after it has begun. */
  readonly stallMs?: number;
  readonly clock?: Clock;
}

const DEFAULTS = {
  baseUrl: "https://api.elevenlabs.io",
  timeoutMs: 20_000,
  retries: 3,
  clock: systemClock,
};

const ELEVENLABS: Service = {
  name: "ElevenLabs",
  keyVariable: "ELEVENLABS_API_KEY",
  addressVariable: "ELEVENLABS_API_URL",
  readRefusal,
};

/**
 * Requests `path` from ElevenLabs' REST API. Returns `undefined` if there is nothing.
 *
 * `alsoRead` lists statuses besides 2xx that `read` accepts. Unless 404 is among them, a 404 returns `undefined`.
 */
export type ElevenLabsApi = <Answer>(
  path: string,
  read: (response: Response) => Promise<Answer>,
  alsoRead?: readonly number[],
) => Promise<Answer | undefined>;

/**
 * ElevenLabs' REST API, for reading.
 *
 * Its errors are `ServiceRefused` and `ServiceUnavailable`.
 *
 * @throws Error if the key is malformed.
 */
export function elevenLabsApi(options: ElevenLabsOptions): ElevenLabsApi {
  const { baseUrl, ...policy } = { ...DEFAULTS, ...options };
  const headers = { "xi-api-key": apiKey(options.apiKey, "ELEVENLABS_API_KEY") };
  const base = baseUrl.replace(/\/+$/, "");

  return async (path, read, alsoRead = []) => {
    const call = { service: ELEVENLABS, url: `${base}${path}`, init: { headers }, repeatable: true, alsoRead };
    try {
      return await retryingFetch(call, read, policy);
    } catch (error) {
      if (error instanceof ServiceRefused && error.status === 404) return undefined;
      throw error;
    }
  };
}

/**
 * The code of a refusal, and the permission that the key lacks: `{"detail": {"status": "missing_permissions",
 * "message": "The API key you used is missing the permission user_read to execute this operation."}}`, with 401 (seen
 * in 2026-02, danielmiessler/LifeOS#667). Takes nothing else from the message.
 */
function readRefusal(answer: unknown): Refusal {
  const code = words(at(answer, "detail", "status")) ?? words(at(answer, "detail", "code")) ?? undefined;
  const [, permission] = /missing the permission (\w+)/.exec(text(at(answer, "detail", "message")) ?? "") ?? [];
  return { code, reason: permission && `it lacks the permission ${permission}` };
}
