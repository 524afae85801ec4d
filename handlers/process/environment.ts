import type { MemoryVariables } from "../clients/memory/deployed-memories.client.ts";

/** The variables that the processor's function is deployed with. */
export interface ProcessorVariables {
  readonly required: "ARCHIVE_BUCKET" | "ANALYTICS_BUCKET" | "QUEUE_URL" | MemoryVariables["required"];
  /** Without the secret no recording is fetched. The address is ElevenLabs' own, if it is not set. */
  readonly optional: "ELEVENLABS_SECRET_ARN" | "ELEVENLABS_API_URL" | MemoryVariables["optional"];
}
