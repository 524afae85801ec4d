import "./mem0-telemetry.client.ts";
import { MemoryClient } from "mem0ai";
import { parsedJson } from "../../../queries/tables/parsed-json.ts";
import { type FetchPolicy, retryingFetch, type Service } from "../http/retrying-fetch.client.ts";
import { isAboutKey, ServiceUnavailable } from "../http/service-errors.ts";
import { reasonOfMem0 } from "./mem0-refusal.ts";

const MEM0: Service = { name: "Mem0", keyVariable: "MEM0_API_KEY", addressVariable: "MEM0_HOST" };

/**
 * Mem0's own client over requests with a timeout and retries, which its own lack (mem0ai 3.3.1).
 *
 * Adding is not repeated when it may have been done: Mem0 has no idempotency key. It sends nothing that was
 * not asked for: no ping when it is made, no telemetry.
 */
export class RetryingMemoryClient extends MemoryClient {
  readonly #policy: FetchPolicy;

  constructor(apiKey: string, host: string, policy: FetchPolicy) {
    super({ apiKey, host });
    this.#policy = policy;
  }

  /** Not sent. It would only learn whose key it is, for the telemetry, and print to the console if it failed. */
  override async ping(): Promise<void> {}

  /** Every request of the library comes through here. */
  override async _fetchRawJson(url: string, { method, headers, body }: RequestInit): Promise<unknown> {
    const init = { ...(method && { method }), ...(headers && { headers }), ...(body && { body }) };
    const repeatable = !url.endsWith("/memories/add/");
    // Of a key that is not taken, the name of its variable says what to do, and Mem0 adds nothing to it.
    const readRefusal = (answer: unknown, status: number) =>
      typeof body === "string" && !isAboutKey(status) ? { words: reasonOfMem0(answer, body) } : {};
    const service = { ...MEM0, readRefusal };
    return retryingFetch({ service, url, init, repeatable }, json, this.#policy);
  }

  /** How far an add has come that was answered with an event: one look of at most `timeoutMs`, not repeated. */
  async event(id: string, timeoutMs: number): Promise<unknown> {
    const url = `${this.host}/v1/event/${encodeURIComponent(id)}/`;
    const policy = { ...this.#policy, retries: 0, timeoutMs: Math.min(timeoutMs, this.#policy.timeoutMs) };
    return retryingFetch({ service: MEM0, url, init: { headers: this.headers }, repeatable: true }, json, policy);
  }
}

/** The parser's own error is not passed on: it quotes what it could not read, and that may be somebody's memory. */
async function json(response: Response): Promise<unknown> {
  const body = await response.text();
  if (body === "") return null;
  return parsedJson(body, () => {
    throw new ServiceUnavailable("Mem0's answer was not JSON", { status: response.status });
  });
}
