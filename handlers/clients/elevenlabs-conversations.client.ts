import { at, number, text, words } from "../call/json.ts";
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
    let cursor: Page["next"] = null;
    do {
      const path = pagePath(window, cursor);
      const page = await whileTryingTo("list conversations", async () => pageIn(await api(path, readJson)));
      for (const each of page.conversations) {
        const conversation = listedConversation(each);
        if (isWithin(conversation, window)) yield conversation;
      }
      if (page.next !== null && page.next === cursor)
        throw new ServiceUnavailable("ElevenLabs gave the same page twice");
      cursor = page.next;
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

interface Page {
  readonly conversations: readonly unknown[];
  /** `null` on the last page. */
  readonly next: string | null;
}

/**
 * The page in an answer.
 *
 * @throws ServiceUnavailable if there is none, or not the way to the next one: calls on it would seem not to exist.
 */
function pageIn(answer: unknown): Page {
  const conversations = at(answer, "conversations");
  if (!Array.isArray(conversations))
    throw new ServiceUnavailable("ElevenLabs answered with no list: check ELEVENLABS_API_URL");
  const next = text(at(answer, "next_cursor"));
  const hasMore = at(answer, "has_more");
  if (hasMore === true && next === null)
    throw new ServiceUnavailable("ElevenLabs has more, and does not say where it goes on");
  return { conversations, next: hasMore === false ? null : next };
}

function listedConversation(listed: unknown): ListedConversation {
  const startedAt = new Date(1000 * (number(at(listed, "start_time_unix_secs")) ?? Number.NaN));
  return {
    conversationId: words(at(listed, "conversation_id")) ?? "",
    agentId: text(at(listed, "agent_id")),
    startedAt: Number.isNaN(startedAt.getTime()) ? null : startedAt,
    durationSecs: number(at(listed, "call_duration_secs")),
    isFinished: FINISHED.has(text(at(listed, "status")) ?? ""),
  };
}

/** A conversation of which it is not said when it began is in every window that it is listed for. */
function isWithin({ startedAt }: ListedConversation, { from, until }: ConversationWindow): boolean {
  return startedAt === null || (startedAt >= from && startedAt < until);
}
