import type { MemoryVariables } from "../clients/memory/deployed-memories.client.ts";

/** The environment variables of the processor's function. */
export interface ProcessorVariables {
  readonly required: "ARCHIVE_BUCKET" | "ANALYTICS_BUCKET" | "QUEUE_URL" | MemoryVariables["required"];
  /**
   * Without the secret no recording is fetched. Without the URL, ElevenLabs' public API is used. Without the schedule,
   * the compactor finds a changed day within an hour. `true`: recordings are put into STANDARD.
   */
  readonly optional:
    | "ELEVENLABS_SECRET_ARN"
    | "ELEVENLABS_API_URL"
    | "DEFAULT_COUNTRY_CODE"
    | "BUSY_SCHEDULE"
    | "RECORDINGS_READ_SOON"
    | MemoryVariables["optional"];
}
