import { at, number, text, words } from "../../call/json.ts";
import { whileTryingTo } from "../http/service-errors.ts";
import {
  type ConversationSource,
  type ConversationWindow,
  FINISHED,
  type ListedConversation,
} from "./conversation-source.ts";
import { type ElevenLabsOptions, elevenLabsApi } from "./elevenlabs-api.client.ts";
import { entriesOf } from "./elevenlabs-pages.ts";

const PATH = "/v1/convai/conversations";

/**
 * Conversations from ElevenLabs' REST API, by `fetch`: its SDK renames fields and drops nulls, and the archive stores
 * the bytes as sent.
 *
 * Its errors are `ServiceRefused` and `ServiceUnavailable`, and name the conversation.
 *
 * @throws Error if the key is malformed.
 */
export function elevenLabsConversations(options: ElevenLabsOptions): ConversationSource {
  const api = elevenLabsApi(options);

  async function* listed(window: ConversationWindow) {
    const pages = { task: "list conversations", path: PATH, query: queryOf(window), member: "conversations" };
    for await (const entry of entriesOf(api, pages)) {
      const conversation = listedConversation(entry);
      if (isWithin(conversation, window)) yield conversation;
    }
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

/** Adds a second on both sides: ElevenLabs does not document whether the bounds are included. */
function queryOf({ from, until, agentId }: ConversationWindow): Record<string, string> {
  return {
    sort_direction: "asc",
    call_start_after_unix: String(Math.floor(from.getTime() / 1000) - 1),
    call_start_before_unix: String(Math.ceil(until.getTime() / 1000) + 1),
    ...(agentId !== undefined && { agent_id: agentId }),
  };
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

/** Whether a conversation began in the window. One without a start time is in every window that lists it. */
function isWithin({ startedAt }: ListedConversation, { from, until }: ConversationWindow): boolean {
  return startedAt === null || (startedAt >= from && startedAt < until);
}
