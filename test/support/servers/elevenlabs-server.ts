import { at, number, text } from "../../../handlers/call/json.ts";
import { type FaultyServer, faultyServer, type Reply, type SeenRequest } from "./faulty-server.ts";

export interface ElevenLabsServer extends FaultyServer {
  /** Its recordings, by conversation id. A test may change them at any time. */
  readonly recordings: Map<string, Uint8Array>;
  /** Its conversations, by id, each as the JSON text of the `data` in a webhook. A test may change them. */
  readonly conversations: Map<string, string>;
  /** Its agents, by id, each as in the answer of `GET /v1/convai/agents/{id}`. A test may change them. */
  readonly agents: Map<string, unknown>;
  /** The times when recordings are ready, by conversation id. Before that, the answer is that for a missing one. */
  readonly readyAt: Map<string, Date>;
  /** The ids of deleted conversations. */
  readonly deleted: Set<string>;
  /** The answers about webhooks and their settings: JSON, by path. None by default. */
  readonly settings: Map<string, unknown>;
}

interface ServerOptions {
  /** The only valid API key. By default, any key is valid. */
  readonly apiKey?: string;
  /** The most conversations or agents on a page, whatever size is requested. */
  readonly pageSize?: number;
  /** Whether the key is an administrator's. Only an administrator may list the usages of webhooks. */
  readonly isAdmin?: boolean;
  /** Its clock. */
  readonly now?: () => Date;
}

/**
 * Starts a server with ElevenLabs' REST API for conversations, recordings, agents and webhooks, on the loopback.
 *
 * Paths, parameters and shapes as in elevenlabs.io, List conversations, and the types of its SDK 2.73.0 (2026-11).
 */
export async function elevenLabsServer(options: ServerOptions = {}): Promise<ElevenLabsServer> {
  const { apiKey, pageSize = 100, isAdmin = true, now = () => new Date() } = options;
  const recordings = new Map<string, Uint8Array>();
  const conversations = new Map<string, string>();
  const settings = new Map<string, unknown>();
  const agents = new Map<string, unknown>();
  const readyAt = new Map<string, Date>();
  const deleted = new Set<string>();

  function reply({ method, path, query, headers }: SeenRequest): Reply {
    const key = headers["xi-api-key"];
    if (key === undefined || (apiKey !== undefined && key !== apiKey)) return problem(401, "invalid_api_key");
    if (method !== "GET") return problem(404, "not_found");
    if (path === PATH) return json(page(query));
    if (path === AGENTS) return json(pageOf("agents", [...agents.values()].map(listedAgent), query));
    if (path.startsWith(`${AGENTS}/`)) return agent(decodeURIComponent(path.slice(AGENTS.length + 1)));
    if (!isAdmin && query.get("include_usages") === "true") return problem(403, "only_for_admins");
    if (settings.has(path)) return json(settings.get(path));
    const [, id = "", isAudio] = /^\/v1\/convai\/conversations\/([^/]+)(\/audio)?$/.exec(path) ?? [];
    const conversation = decodeURIComponent(id);
    if (deleted.has(conversation)) return problem(404, "document_not_found");
    const isReady = !isAudio || (readyAt.get(conversation) ?? now()) <= now();
    const found = isReady ? (isAudio ? recordings : conversations).get(conversation) : undefined;
    if (found === undefined) return problem(404, isAudio ? "missing_conversation_audio" : "document_not_found");
    return typeof found === "string"
      ? { status: 200, headers: JSON_TYPE, body: found }
      : { status: 200, headers: { "content-type": "audio/mpeg" }, body: found };
  }

  function agent(id: string): Reply {
    return agents.has(id) ? json(agents.get(id)) : problem(404, "document_not_found");
  }

  function page(query: URLSearchParams): unknown {
    const [after, before] = ["call_start_after_unix", "call_start_before_unix"].map((name) => query.get(name));
    const agent = query.get("agent_id");
    const order = query.get("sort_direction") === "asc" ? 1 : -1;
    const found = [...conversations.values()]
      .map(listed)
      .filter(({ start_time_unix_secs: start }) => start > Number(after ?? 0) && start < Number(before ?? Infinity))
      .filter(({ agent_id }) => agent === null || agent_id === agent)
      .sort((one, other) => order * (one.start_time_unix_secs - other.start_time_unix_secs));
    return pageOf("conversations", found, query);
  }

  function pageOf(member: string, found: readonly unknown[], query: URLSearchParams): unknown {
    const size = Math.min(Number(query.get("page_size") ?? 30), pageSize);
    const from = Number(query.get("cursor") ?? 0);
    const hasMore = from + size < found.length;
    return {
      [member]: found.slice(from, from + size),
      has_more: hasMore,
      next_cursor: hasMore ? String(from + size) : null,
    };
  }

  return { ...(await faultyServer(reply)), recordings, conversations, agents, readyAt, deleted, settings };
}

const PATH = "/v1/convai/conversations";
const AGENTS = "/v1/convai/agents";
const JSON_TYPE = { "content-type": "application/json" };

/** A conversation as in the list: without telephone number and transcript. */
function listed(conversation: string) {
  const data: unknown = JSON.parse(conversation);
  return {
    agent_id: text(at(data, "agent_id")),
    conversation_id: text(at(data, "conversation_id")),
    start_time_unix_secs: number(at(data, "metadata", "start_time_unix_secs")) ?? 0,
    call_duration_secs: number(at(data, "metadata", "call_duration_secs")) ?? 0,
    message_count: 1,
    status: text(at(data, "status")),
    call_successful: "unknown",
  };
}

/** An agent as in the list: without its settings. */
function listedAgent(agent: unknown) {
  return { agent_id: at(agent, "agent_id"), name: at(agent, "name"), tags: [], created_at_unix_secs: 1_763_000_000 };
}

function problem(status: number, code: string): Reply {
  return json({ detail: { status: code, message: "the message of the API" } }, status);
}

function json(value: unknown, status = 200): Reply {
  return { status, headers: JSON_TYPE, body: JSON.stringify(value) };
}
