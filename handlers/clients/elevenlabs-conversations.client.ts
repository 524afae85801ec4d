import { at, list, number, text } from "../call/json.ts";
import type { ConversationSource, ConversationWindow, ListedConversation } from "./conversation-source.ts";
import { type ElevenLabsOptions, elevenLabsApi } from "./elevenlabs-api.client.ts";
import { ServiceUnavailable, whileTryingTo } from "./service-errors.ts";

const PATH = "/v1/convai/conversations";

/** The most that a page holds (elevenlabs.io, List conversations, 2026-11). */
const PAGE_SIZE = 100;

/** The states that a conversation does not leave any more (same page). */
const FINISHED = new Set(["done", "failed"]);

/**
 * Conversations from ElevenLabs' REST API, by `fetch`: its SDK renames fields and drops nulls, and what is archived
 * should be what was sent.
 *
 * Its errors are `ServiceRefused` and `ServiceUnavailable`, and name the conversation.
 *
 * @throws Error if the key cannot be one.
 */
export function elevenLabsConversations(options: ElevenLabsOptions): ConversationSource {
  const api = elevenLabsApi(options);

  async function* listed(window: ConversationWindow) {
    let cursor: string | null = null;
    do {
      const page: unknown = await whileTryingTo("list conversations", () => api(pagePath(window, cursor), json));
      for (const each of list(at(page, "conversations"))) {
        const conversation = listedConversation(each);
        if (conversation && isWithin(conversation, window)) yield conversation;
      }
      const next = at(page, "has_more") === true ? text(at(page, "next_cursor")) : null;
      if (next !== null && next === cursor) throw new ServiceUnavailable("ElevenLabs gave the same page twice");
      cursor = next;
    } while (cursor !== null);
  }

  return {
    list: listed,
    conversation: (conversationId) =>
      whileTryingTo(`fetch ${conversationId}`, () =>
        api(`${PATH}/${encodeURIComponent(conversationId)}`, async (response) =>
          Buffer.from(await response.arrayBuffer()),
        ),
      ),
  };
}

async function json(response: Response): Promise<unknown> {
  return JSON.parse(await response.text());
}

/** A second more on both sides: it is not documented whether the bounds are included. */
function pagePath({ from, until, agentId }: ConversationWindow, cursor: string | null): string {
  const query = new URLSearchParams({
    page_size: String(PAGE_SIZE),
    sort_direction: "asc",
    call_start_after_unix: String(Math.floor(from.getTime() / 1000) - 1),
    call_start_before_unix: String(Math.ceil(until.getTime() / 1000) + 1),
    ...(agentId !== undefined && { agent_id: agentId }),
    ...(cursor !== null && { cursor }),
  });
  return `${PATH}?${query}`;
}

function listedConversation(listed: unknown): ListedConversation | undefined {
  const conversationId = text(at(listed, "conversation_id"));
  const startedAt = number(at(listed, "start_time_unix_secs"));
  if (conversationId === null || startedAt === null) return undefined;
  return {
    conversationId,
    agentId: text(at(listed, "agent_id")),
    startedAt: new Date(startedAt * 1000),
    durationSecs: number(at(listed, "call_duration_secs")) ?? 0,
    isFinished: FINISHED.has(text(at(listed, "status")) ?? ""),
  };
}

function isWithin({ startedAt }: ListedConversation, { from, until }: ConversationWindow): boolean {
  return startedAt >= from && startedAt < until;
}
