import type { Memory } from "../../../../handlers/clients/memory/memories.ts";

/** A memory of one message. Values about the call are in its metadata too. */
export function aMemory(
  about: Partial<Pick<Memory, "user_id" | "type" | "conversation_id" | "messages">> & {
    readonly started_at?: string;
  } = {},
): Memory {
  const { user_id = "+16129782029", type = "factual", conversation_id = "conv_7" } = about;
  const {
    messages = [{ role: "assistant", content: "They moved to Duluth." }],
    started_at = "2026-11-23T12:00:00.000Z",
  } = about;
  const metadata = { type, conversation_id, agent_id: "agent_1", call_duration_secs: 42, started_at };
  return { user_id, type, conversation_id, messages, metadata };
}
