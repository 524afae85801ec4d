import { randomUUID } from "node:crypto";
import { at, list, text } from "../../../handlers/call/json.ts";
import { type FaultyServer, faultyServer, type Reply, type SeenRequest } from "./faulty-server.ts";

interface StoredMemory {
  readonly id: string;
  readonly user_id: string | null;
  readonly messages: unknown;
  readonly metadata: unknown;
  /** ISO 8601: the `timestamp` of the add, else a time after every call. */
  readonly created_at: string;
}

export interface Mem0ServerOptions {
  /** The only valid API key. By default, any key is valid. */
  readonly apiKey?: string;
  /**
   * When an add is done: before its answer, which then has the memory; or it is `PENDING` until `afterRequests` more
   * requests came, until `afterMs` milliseconds have passed, or, with "on demand", until `finishAdds` is called.
   */
  readonly adds?: "at once" | { readonly afterRequests: number } | { readonly afterMs: number } | "on demand";
  /** Whether it has the endpoint for the event of an add. */
  readonly hasEvents?: boolean;
  /** The most memories on a page, whatever size is requested. */
  readonly pageSize?: number;
  /** Lists every memory of the user, whatever metadata is requested. */
  readonly ignoresMetadata?: boolean;
  /** The most characters of a memory. Mem0 documents no such limit. */
  readonly longestText?: number;
  /** Whether a memory is merged into another one of the user that contains it, and when it is still listed. */
  readonly merges?: "listed on request" | "never listed";
}

export interface Mem0Server extends FaultyServer {
  /** The stored memories, in the order of arrival, without pending adds. */
  memories(): readonly StoredMemory[];
  /** Completes every pending add. */
  finishAdds(): void;
}

interface PendingAdd {
  readonly memory: StoredMemory;
  requestsLeft: number;
}

/**
 * Starts a server with the part of Mem0's platform that `mem0ai` 3.3.1 uses, in memory, on the loopback.
 *
 * Paths and shapes are those of docs.mem0.ai and of the library (2026-11). One add makes one memory, because no model
 * here makes several or none. A merged memory is hidden, and listed again when the memory that contains it is deleted
 * (docs.mem0.ai, Dream, 2026-08).
 */
export async function mem0Server(options: Mem0ServerOptions = {}): Promise<Mem0Server> {
  const { apiKey, adds = "at once", hasEvents = true, pageSize = 200, ignoresMetadata = false, merges } = options;
  const { longestText = Number.POSITIVE_INFINITY } = options;
  const held = new Map<string, StoredMemory>();
  const pending = new Map<string, PendingAdd>();
  const events = new Set<string>();
  const timers = new Set<NodeJS.Timeout>();

  function isMerged(memory: StoredMemory): boolean {
    if (merges === undefined) return false;
    return [...held.values()].some(
      (other) =>
        other.user_id === memory.user_id &&
        textOf(other).length > textOf(memory).length &&
        textOf(other).includes(textOf(memory)),
    );
  }

  function finish(event: string) {
    const add = pending.get(event);
    if (add) held.set(add.memory.id, add.memory);
    pending.delete(event);
  }

  function add(body: unknown): Reply {
    const memory = {
      id: randomUUID(),
      user_id: text(at(body, "user_id")),
      messages: at(body, "messages"),
      metadata: at(body, "metadata") ?? null,
      created_at: createdAt(at(body, "timestamp")),
    };
    if (textOf(memory).length > longestText) return json(400, { error: "Messages are too long" });
    if (adds === "at once") {
      held.set(memory.id, memory);
      return json(200, { results: [{ ...listed(memory), event: "ADD" }] });
    }
    const event = randomUUID();
    events.add(event);
    const isCounted = adds !== "on demand" && "afterRequests" in adds;
    pending.set(event, { memory, requestsLeft: isCounted ? adds.afterRequests : Number.POSITIVE_INFINITY });
    if (adds !== "on demand" && "afterMs" in adds) timers.add(setTimeout(() => finish(event), adds.afterMs));
    return json(200, { message: "Memory processing has been queued", status: "PENDING", event_id: event });
  }

  function page(body: unknown, query: URLSearchParams): Reply {
    const requested = conditions(at(body, "filters"));
    const userId = requested.map((condition) => text(at(condition, "user_id"))).find((id) => id !== null);
    if (userId === undefined) return json(400, { error: "filters must name an entity" });
    const metadata = ignoresMetadata ? [] : requested.flatMap((condition) => pairs(at(condition, "metadata")));
    const areMergedListed = merges === "listed on request" && at(body, "include_merged") === true;
    const found = [...held.values()].filter(
      (memory) =>
        memory.user_id === userId &&
        metadata.every(([name, value]) => at(memory.metadata, name) === value) &&
        (areMergedListed || !isMerged(memory)),
    );
    const size = Math.min(Number(query.get("page_size") ?? 100), pageSize);
    const number = Number(query.get("page") ?? 1);
    const results = found.slice((number - 1) * size, number * size).map(listed);
    const next = number * size < found.length ? `/v3/memories/?page=${number + 1}&page_size=${size}` : null;
    return json(200, { count: found.length, next, previous: null, results });
  }

  function event(id: string): Reply {
    if (!hasEvents || !events.has(id)) return json(404, { error: "no such event" });
    return json(200, { id, event_type: "ADD", status: pending.has(id) ? "RUNNING" : "SUCCEEDED", results: [] });
  }

  function reply({ method, path, query, headers, body }: SeenRequest): Reply {
    for (const [id, add] of pending) {
      add.requestsLeft -= 1;
      if (add.requestsLeft < 0) finish(id);
    }
    if (apiKey !== undefined && headers["authorization"] !== `Token ${apiKey}`) return json(401, { detail: "no" });
    const id = decodeURIComponent(path.split("/")[3] ?? "");
    const route = `${method} ${path}`;
    if (route === "GET /v1/ping/") return json(200, { status: "ok", user_email: "someone@example.com" });
    if (route === "POST /v3/memories/add/") return add(JSON.parse(body));
    if (route === "POST /v3/memories/") return page(JSON.parse(body), query);
    if (route.startsWith("GET /v1/event/")) return event(id);
    if (route.startsWith("DELETE /v1/memories/") && id !== "") {
      return held.delete(id) ? json(200, { message: "Memory deleted successfully!" }) : json(404, { error: "gone" });
    }
    return json(404, { error: "no such path" });
  }

  const server = await faultyServer(reply);
  return {
    ...server,
    memories: () => [...held.values()],
    finishAdds() {
      for (const id of [...pending.keys()]) finish(id);
    },
    async close() {
      for (const timer of timers) clearTimeout(timer);
      await server.close();
    },
  };
}

function conditions(filters: unknown): readonly unknown[] {
  return [filters, ...list(at(filters, "AND"))];
}

function pairs(metadata: unknown): [string, unknown][] {
  return typeof metadata === "object" && metadata !== null ? Object.entries(metadata) : [];
}

function listed(stored: StoredMemory) {
  const { id, user_id, metadata, created_at } = stored;
  return { id, memory: textOf(stored), user_id, metadata, created_at, updated_at: created_at };
}

function textOf({ messages }: StoredMemory): string {
  return list(messages)
    .map((message) => text(at(message, "content")))
    .join("\n");
}

/** The `created_at` of a memory: its `timestamp`, an integer in seconds since 1970 (mem0's openapi.json, 2026-08). */
function createdAt(timestamp: unknown): string {
  return new Date(Number.isInteger(timestamp) ? 1000 * Number(timestamp) : LATER).toISOString();
}

const LATER = Date.parse("2027-01-01T00:00:00Z");

function json(status: number, body: unknown): Reply {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
