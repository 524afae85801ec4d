import { fieldTree } from "./field-tree.ts";

/** The fields of an audio event (elevenlabs.io/docs/eleven-agents/workflows/post-call-webhooks, read 2026-11). */
export const AUDIO_FIELDS = fieldTree({
  "": { mapped: ["type", "event_timestamp"] },
  data: { mapped: ["agent_id", "conversation_id", "full_audio"] },
});
