import "./mem0-telemetry.client.ts";
import { MemoryClient } from "mem0ai";
import { parsedJson } from "../../../queries/tables/parsed-json.ts";
import { type FetchPolicy, retryingFetch, type Service } from "../http/retrying-fetch.client.ts";
import { isAboutKey, ServiceUnavailable } from "../http/service-errors.ts";
import { reasonOfMem0 } from "./mem0-refusal.ts";

const MEM0: Service = { name: "Mem0", keyVariable: "MEM0_API_KEY", addressVariable: "MEM0_HOST" };

/**
 * Mem0's client, with the timeouts and the retries that it lacks (mem0ai 3.3.1).
 *
 * Does not repeat an add that may have been done: Mem0 has no idempotency key. Sends no ping when it is made, and no
 * telemetry.
 */
export class RetryingMemoryClient extends MemoryClient {
  readonly #policy: FetchPolicy;

  constructor(apiKey: string, host: string, policy: FetchPolicy) {
    super({ apiKey, host });
    this.#policy = policy;
  }

  /**
   * Sends nothing. The library pings only to learn the owner of the key for its telemetry, and prints if that fails.
   */
  override async ping(): Promise<void> {}

  /** All requests of the library go through this method. */
  override async _fetchRawJson(url: string, { method, headers, body }: RequestInit): Promise<unknown> {
    const init = { ...(method && { method }), ...(headers && { headers }), ...(body && { body }) };
    const repeatable = !url.endsWith("/memories/add/");
    // After a refused key, the variable's name is all the advice that is needed.
    const readRefusal = (answer: unknown, status: number) =>
      typeof body === "string" && !isAboutKey(status) ? { reason: reasonOfMem0(answer, body) } : {};
    const service = { ...MEM0, readRefusal };
    return retryingFetch({ service, url, init, repeatable }, json, this.#policy);
  }

  /** Requests the state of an add's event, once and for at most `timeoutMs`. */
  async event(id: string, timeoutMs: number): Promise<unknown> {
    const url = `${this.host}/v1/event/${encodeURIComponent(id)}/`;
    const policy = { ...this.#policy, retries: 0, timeoutMs: Math.min(timeoutMs, this.#policy.timeoutMs) };
    return retryingFetch({ service: MEM0, url, init: { headers: this.headers }, repeatable: true }, json, policy);
  }
}

/** Parses an answer. Does not pass on the parser's error: it quotes the text, which may be a person's memory. */
async function json(response: Response): Promise<unknown> {
  const body = await response.text();
  if (body === "") return null;
  return parsedJson(body, () => {
    throw new ServiceUnavailable("Mem0's answer was not JSON", { status: response.status });
  });
}
