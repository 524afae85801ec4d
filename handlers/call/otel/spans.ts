import { at, isObject, list, number, text } from "../json.ts";
import { keyValues } from "./any-value.ts";

/** The names and values of attributes. A name is without the prefix `elevenlabs.`. */
export type Attributes = ReadonlyMap<string, unknown>;

/** A part of a call: the call, a turn, or the use of a tool. */
export interface Span {
  readonly id: string | null;
  readonly parentId: string | null;
  /** Without the prefix `elevenlabs.`. */
  readonly name: string;
  /** Nanoseconds since 1970; `null` if it is no plausible time. */
  readonly start: bigint | null;
  readonly end: bigint | null;
  /** OpenTelemetry's status; `null` if it is unset. */
  readonly status: "ok" | "error" | null;
  readonly statusMessage: string | null;
  readonly attributes: Attributes;
}

/** The spans of a call, in the order in which they were sent, also those that were sent twice. */
export interface Traces {
  readonly spans: readonly Span[];
  /** What the spans have in common. */
  readonly resource: Attributes;
}

const PREFIX = "elevenlabs.";

/** Reads `otlp_traces`. Spans may be in any number of resources and scopes. What is not a span is left out. */
export function tracesIn(sent: unknown): Traces {
  const resources = list(at(sent, "resourceSpans"));
  const scopes = resources.flatMap((each) => list(at(each, "scopeSpans")));
  return {
    spans: scopes.flatMap((each) => list(at(each, "spans")).filter(isObject).map(spanOf)),
    resource: attributesOf(resources.flatMap((each) => list(at(each, "resource", "attributes")))),
  };
}

/** Reads a span. Anything may be missing. */
export function spanOf(sent: unknown): Span {
  return {
    id: spanId(at(sent, "spanId")),
    parentId: spanId(at(sent, "parentSpanId")),
    name: withoutPrefix(text(at(sent, "name")) ?? ""),
    start: nanoseconds(at(sent, "startTimeUnixNano")),
    end: nanoseconds(at(sent, "endTimeUnixNano")),
    status: statusOf(at(sent, "status", "code")),
    statusMessage: text(at(sent, "status", "message")),
    attributes: attributesOf(at(sent, "attributes")),
  };
}

/** The spans without repetitions: spans of one id that are the same part of the call. Those without an id are kept. */
export function distinct(spans: readonly Span[]): readonly Span[] {
  const seen = new Set<string>();
  return spans.filter(({ id, name, attributes }) => {
    if (id === null) return true;
    const same = `${id} ${text(attributes.get("turn.index"))} ${name}`;
    return !seen.has(same) && seen.add(same);
  });
}

/** Whether a span is the use of a tool. */
export function isTool({ name }: Span): boolean {
  return name.startsWith("tool.");
}

/** Compares the starts of two spans. A span without a start comes last. */
export function byStart({ start: one }: Span, { start: other }: Span): number {
  if (one === other) return 0;
  if (one === null) return 1;
  return other === null || one < other ? -1 : 1;
}

/** The attributes whose names begin with `path`, by the rest of the name. */
export function below(attributes: Attributes, path: string): readonly (readonly [string, unknown])[] {
  const found = [...attributes].filter(([name]) => name.startsWith(path) && name.length > path.length);
  return found.map(([name, value]) => [name.slice(path.length), value]);
}

/** A name with the prefix is ElevenLabs' own, and wins over the same name without it. Else the first one wins. */
function attributesOf(sent: unknown): Attributes {
  const all = keyValues(sent);
  const found = new Map<string, unknown>();
  for (const isOwn of [true, false])
    for (const [name, value] of all)
      if (name.startsWith(PREFIX) === isOwn && !found.has(withoutPrefix(name))) found.set(withoutPrefix(name), value);
  return found;
}

function withoutPrefix(name: string): string {
  return name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name;
}

/** An id of zeros only is invalid in OpenTelemetry: it identifies nothing. */
function spanId(sent: unknown): string | null {
  const id = text(sent);
  return id === null || /^0*$/.test(id) ? null : id;
}

function statusOf(code: unknown): Span["status"] {
  if (code === "STATUS_CODE_ERROR" || number(code) === 2) return "error";
  return code === "STATUS_CODE_OK" || number(code) === 1 ? "ok" : null;
}

/** From 2000 to 9999. Other times are mistakes, and 0 is one. */
const [FIRST_TIME, LAST_TIME] = [946_684_800_000_000_000n, 253_402_300_799_999_999_999n];

/** The JSON has nanoseconds as text, because a JavaScript number cannot hold them. */
function nanoseconds(sent: unknown): bigint | null {
  const isDigits = typeof sent === "string" && /^\d{1,21}$/.test(sent);
  const found = isDigits ? BigInt(sent) : BigInt(Math.trunc(number(sent) ?? 0));
  return found >= FIRST_TIME && found <= LAST_TIME ? found : null;
}
