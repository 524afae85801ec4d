import type { TurnRow } from "../../../queries/tables/turns.ts";
import type { KnownEvent } from "../event.ts";
import { agentId } from "../event-fields.ts";
import { at, boolean, entries, list, number, text } from "../json.ts";
import { transcriptOf } from "../transcript.ts";
import { turnIndex } from "./turn-index.ts";

/** One row for each entry of the transcript, in order. */
export function turnRows(event: KnownEvent, caller: string): TurnRow[] {
  return transcriptOf(event).map(({ entry: turn, role, kind, message }, place) => ({
    conversation_id: event.conversationId,
    turn_index: turnIndex(turn, place),
    role,
    kind,
    message,
    original_message: text(at(turn, "original_message")),
    time_in_call_secs: number(at(turn, "time_in_call_secs")),
    interrupted: boolean(at(turn, "interrupted")),
    source_medium: text(at(turn, "source_medium")),
    llm_model: names(entries(at(turn, "llm_usage", "model_usage")).map(([model]) => model)),
    ttfb_secs: metric(turn, "convai_llm_service_ttfb"),
    ttf_sentence_secs: metric(turn, "convai_llm_service_ttf_sentence"),
    rag_chunk_count: chunkCount(at(turn, "rag_retrieval_info")),
    rag_latency_secs: number(at(turn, "rag_retrieval_info", "rag_latency_secs")),
    tool_names: names(list(at(turn, "tool_calls")).map((call) => text(at(call, "tool_name")))),
    feedback: text(at(turn, "feedback", "score")),
    workflow_node_id: text(at(turn, "agent_metadata", "workflow_node_id")),
    agent_id: text(at(turn, "agent_metadata", "agent_id")) ?? agentId(event.body),
    caller,
  }));
}

/** The seconds of a metric. Deliveries nest it under `metrics`; the documentation's example does not (2026-11). */
function metric(turn: unknown, name: string): number | null {
  const metrics = at(turn, "conversation_turn_metrics");
  return number(at(metrics, "metrics", name, "elapsed_time")) ?? number(at(metrics, name, "elapsed_time"));
}

/** `null` also if only the retrieval is known, and not its chunks. */
function chunkCount(retrieval: unknown): number | null {
  const chunks = at(retrieval, "chunks");
  return Array.isArray(chunks) ? chunks.length : null;
}

function names(all: readonly (string | null)[]): string | null {
  return all.filter((name) => name !== null).join(",") || null;
}
