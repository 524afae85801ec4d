import { at, list, number, text, words } from "../call/json.ts";
import {
  type ConversationSource,
  type ConversationWindow,
  FINISHED,
  type ListedConversation,
} from "./conversation-source.ts";
import { type ElevenLabsOptions, elevenLabsApi } from "./elevenlabs-api.client.ts";
import { readJson } from "./json-response.ts";
import { ServiceUnavailable, whileTryingTo } from "./service-errors.ts";

const PATH = "/v1/convai/conversations";

/** The most that a page holds (elevenlabs.io, List conversations, 2026-11). */
const PAGE_SIZE = 100;

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
      const page: unknown = await whileTryingTo("list conversations", () => api(pagePath(window, cursor), readJson));
      for (const each of list(at(page, "conversations"))) {
        const conversation = listedConversation(each);
        if (isWithin(conversation, window)) yield conversation;
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

function listedConversation(listed: unknown): ListedConversation {
  const startedAt = number(at(listed, "start_time_unix_secs"));
  return {
    conversationId: words(at(listed, "conversation_id")) ?? "",
    agentId: text(at(listed, "agent_id")),
    startedAt: startedAt === null ? null : new Date(startedAt * 1000),
    durationSecs: number(at(listed, "call_duration_secs")),
    isFinished: FINISHED.has(text(at(listed, "status")) ?? ""),
  };
}

/** A conversation of which it is not said when it began is in every window that it is listed for. */
function isWithin({ startedAt }: ListedConversation, { from, until }: ConversationWindow): boolean {
  return startedAt === null || (startedAt >= from && startedAt < until);
}
