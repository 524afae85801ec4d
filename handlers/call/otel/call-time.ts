import { number } from "../json.ts";
import { isCall } from "./call-attributes.ts";
import type { Attributes, Span } from "./spans.ts";

/** The start of a call in nanoseconds since 1970: of the call's span, else of the first one. `null` if none has one. */
export function callStart(spans: readonly Span[]): bigint | null {
  return first(spans.filter(isCall)) ?? first(spans);
}

/** The length of a call in seconds: as stated, else up to the end of the call's span, else of the last one. */
export function callSeconds(attributes: Attributes, spans: readonly Span[]): number | null {
  const stated = number(attributes.get("session.duration_ms"));
  if (stated !== null && stated >= 0) return stated / 1000;
  const start = callStart(spans);
  const end = last(spans.filter(isCall)) ?? last(spans);
  return start === null || end === null || end < start ? null : Number(end - start) / 1e9;
}

function first(spans: readonly Span[]): bigint | null {
  const starts = spans.flatMap(({ start }) => start ?? []);
  return starts.reduce<bigint | null>((least, each) => (least === null || each < least ? each : least), null);
}

function last(spans: readonly Span[]): bigint | null {
  const ends = spans.flatMap(({ end }) => end ?? []);
  return ends.reduce<bigint | null>((most, each) => (most === null || each > most ? each : most), null);
}
