import { evaluationResults } from "../call/analysis-results.ts";
import type { KnownEvent } from "../call/event.ts";
import { agentId } from "../call/event-fields.ts";
import { at, number, words } from "../call/json.ts";
import { time } from "../call/rows/day.ts";
import { transcriptOf } from "../call/transcript.ts";
import type { Memory, Message } from "../clients/memory/memories.ts";
import { shortened } from "./shortened.ts";

/**
 * The memories of a call for `userId`: up to two. An empty memory is omitted.
 *
 * - factual: one message of the assistant with the summary and the rationale of each evaluation
 * - semantic: what was said; agent turns as `assistant`
 *
 * Both have the format of existing AgenticMemory deployments, so that their lookup at the next call finds them. A text
 * that is too long for a memory is shortened in its middle.
 */
export function memoriesOf(event: KnownEvent, userId: string): Memory[] {
  const data = at(event.body.value, "data");
  const metadata = {
    conversation_id: event.conversationId,
    agent_id: agentId(event.body),
    call_duration_secs: number(at(data, "metadata", "call_duration_secs")),
    started_at: time(at(data, "metadata", "start_time_unix_secs"))?.toISOString() ?? null,
  };
  const memory = (type: Memory["type"], all: readonly Message[]): Memory => {
    const { messages, messagesLeftOut } = shortened(all);
    const left =
      messagesLeftOut === undefined ? {} : ({ shortened: true, messages_left_out: messagesLeftOut } as const);
    const { conversationId: conversation_id } = event;
    return { user_id: userId, type, conversation_id, messages, metadata: { type, ...metadata, ...left } };
  };
  return [memory("factual", facts(data)), memory("semantic", conversation(event))].filter(
    ({ messages }) => messages.length > 0,
  );
}

function facts(data: unknown): Message[] {
  const rationales = evaluationResults(data).map(({ found }) => at(found, "rationale"));
  const found = [at(data, "analysis", "transcript_summary"), ...rationales].map(words).filter((each) => each !== null);
  return found.length === 0 ? [] : [{ role: "assistant", content: found.map((each) => each.trim()).join("\n") }];
}

function conversation(event: KnownEvent): Message[] {
  return transcriptOf(event).flatMap(({ role, message, kind }) => {
    if (kind !== "said" || message === null) return [];
    return [{ role: role === "user" ? "user" : "assistant", content: message } satisfies Message];
  });
}
