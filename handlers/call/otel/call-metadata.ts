import { BATCH_ATTRIBUTES, METADATA_ATTRIBUTES, PHONE_ATTRIBUTES } from "./known-attributes.ts";
import { spelledValue } from "./literal.ts";
import type { Attributes } from "./spans.ts";
import { picked, stated, unlessEmpty } from "./stated.ts";
import { totalUsage } from "./total-usage.ts";

/** What is computed from several spans. `start`: in nanoseconds since 1970. */
interface Computed {
  readonly start: bigint | null;
  readonly seconds: number | null;
  readonly transcript: readonly unknown[];
}

/**
 * The `metadata` of a call, in the form of a `post_call_transcription`.
 *
 * A call without attributes of telephony was not a phone call. In JSON, the usage of all entries together is the
 * `irreversible_generation` (captures of 2025-11).
 */
export function callMetadata(attributes: Attributes, { start, seconds, transcript }: Computed) {
  const usage = totalUsage(transcript);
  return {
    ...picked(attributes, METADATA_ATTRIBUTES),
    ...stated({
      text_only: spelledValue(attributes.get("text_only")),
      start_time_unix_secs: start === null ? null : Number(start) / 1e9,
      call_duration_secs: seconds,
      batch_call: unlessEmpty(picked(attributes, BATCH_ATTRIBUTES, "batch_call.")),
      charging: usage && { llm_usage: { irreversible_generation: { model_usage: usage } } },
    }),
    phone_call: unlessEmpty(picked(attributes, PHONE_ATTRIBUTES, "telephony.")),
  };
}
