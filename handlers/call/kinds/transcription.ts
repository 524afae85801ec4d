import { at, text } from "../json.ts";
import { callOfSpans, hasSpans } from "../otel/call-of-spans.ts";
import { momentOf } from "../rows/day.ts";
import { callRows } from "../rows/table-rows.ts";
import type { RoutedKind } from "./kind.ts";

/** A call that took place: the transcript, the analysis, and often the recording. */
export const transcription: RoutedKind = {
  isRouted: true,
  types: ["post_call_transcription", "post_call_transcription_otel"],
  hasFields: (data) => Array.isArray(at(data, "transcript")) || hasSpans(data),
  readForm: callOfSpans,
  person: callerNumber,
  key: (caller, conversation) => `${caller}/${conversation}.json`,
  keys: /^(?<caller>[A-Za-z0-9-][A-Za-z0-9_-]{0,127})\/(?<conversation>[A-Za-z0-9_-]{1,128})\.json$/,
  role: "call",
  steps: ["audio", "rows", "memory"],
  moment: momentOf,
  rows: callRows,
  expects: { recording: "beside it", isFetchable: true },
};

/** The number of the person on the line. A WhatsApp id may be no number; a phone number beside it names the same person. */
function callerNumber(data: unknown): readonly string[] {
  const [phone, whatsapp] = [at(data, "metadata", "phone_call"), at(data, "metadata", "whatsapp")];
  const stated = [
    at(phone, "external_number"),
    withPlus(at(whatsapp, "recipient", "phone")),
    withPlus(at(whatsapp, "whatsapp_user_id")),
    at(data, "metadata", "sms", "sms_user_phone_number"),
  ];
  return stated.map(text).filter((each) => each !== null);
}

/** A WhatsApp number has its country code, also without `+` (developers.facebook.com, WhatsApp Cloud API, 2026-11). */
function withPlus(stated: unknown): string | null {
  const number = text(stated);
  return number !== null && /^\d{7,15}$/.test(number) ? `+${number}` : number;
}
