import { dayOf } from "../rows/day.ts";
import { slugged } from "../slug.ts";
import type { RoutedKind } from "./kind.ts";

/** The recording of a call, delivered apart from it. It names nobody, and may come before its call. */
export const audio: RoutedKind = {
  isRouted: true,
  types: ["post_call_audio"],
  person: () => [],
  key: (_, conversation) => `_audio/${conversation}.json`,
  keys: /^_audio\/(?<conversation>[A-Za-z0-9_-]{1,128})\.json$/,
  role: "beside",
  steps: ["audio"],
  day: dayOf,
  rows: () => [],
  expects: { recording: "delivered", isFetchable: false },
};

/** Where an audio event of this conversation lies, if it was delivered. */
export function deliveredAudioKey(conversationId: string): string {
  return audio.key("", slugged(conversationId));
}
