import { at } from "../json.ts";
import { hasSpans } from "../otel/call-of-spans.ts";
import { momentOf } from "../rows/day.ts";
import { slugged } from "../slug.ts";
import type { RoutedKind } from "./kind.ts";

/** The recording of a call, as a separate delivery. It contains no caller, and may arrive before its call. */
export const audio: RoutedKind = {
  isRouted: true,
  types: ["post_call_audio"],
  hasFields: (data) =>
    typeof at(data, "full_audio") === "string" && at(data, "transcript") === undefined && !hasSpans(data),
  person: () => [],
  key: (_, conversation) => `_audio/${conversation}.json`,
  keys: /^_audio\/(?<conversation>[A-Za-z0-9_-]{1,128})\.json$/,
  role: "beside",
  steps: ["audio"],
  moment: momentOf,
  rows: () => [],
  expects: { recording: "delivered", isFetchable: false },
};

/** The key of the audio event of this conversation, whether or not it was delivered. */
export function deliveredAudioKey(conversationId: string): string {
  return audio.key("", slugged(conversationId));
}
