import type { Call } from "../api/queries.ts";
import type { Silence } from "./silences.ts";

export type Turn = Call["turns"][number];
export type ToolCall = Call["tool_calls"][number];

/** A turn that was heard, in seconds since the start of the call. Its end is an estimate. */
export interface Speech {
  readonly turn: Turn;
  readonly start: number;
  readonly end: number;
}

/** A tool call, from its entry in the transcript to its result. */
export interface ToolSpan {
  readonly tool: ToolCall;
  readonly start: number;
  readonly end: number;
}

/** What happened when in a call. */
export interface Course {
  readonly speech: readonly Speech[];
  readonly tools: readonly ToolSpan[];
  /** When the caller interrupted the agent: the start of the next turn. */
  readonly interruptions: readonly number[];
  /** The length of the time line, in seconds. */
  readonly length: number;
}

/** A moment worth listening to. */
export interface Trouble {
  readonly at: number;
  readonly what: string;
}

/** Letters a second, as the saved query `silences` assumes them. */
const LETTERS_PER_SEC = { agent: 15, other: 10 } as const;
/** No turn is shorter on the time line, in seconds. */
const LEAST_SECS = 0.7;
/** A silence is trouble from this length on, in seconds. It is the default of the saved query. */
export const LONG_SILENCE_SECS = 8;

/** Entries that were heard. Other kinds are only read. */
const HEARD: ReadonlySet<string> = new Set(["said", "mailbox", "backchannel"]);

/** Whether an entry of the transcript was heard in the call. */
export function isHeard({ kind, message }: Turn): boolean {
  return HEARD.has(kind ?? "said") && message !== null && message.trim() !== "";
}

/**
 * What happened when in a call.
 *
 * ElevenLabs states the whole second in which a turn began. Turns of one second are spread over it, in order. A time that
 * is missing or too early is read as that of the turn before.
 */
export function courseOf({ conversation, recording, turns, tool_calls }: Call): Course {
  const starts = startsOf(turns.filter(isHeard));
  const last = Math.max(0, ...tail(turns).map((turn) => turn.time_in_call_secs ?? 0));
  const length = Math.max(1, recording?.duration_secs ?? conversation.duration_secs ?? 0, last);
  const speech = starts.map(({ turn, start }, n): Speech => {
    const next = starts[n + 1]?.start ?? length;
    const rate = turn.role === "agent" ? LETTERS_PER_SEC.agent : LETTERS_PER_SEC.other;
    // An interrupted turn lasts until the interruption.
    const secs = turn.interrupted ? length : Math.max(LEAST_SECS, (turn.message?.length ?? 0) / rate);
    return { turn, start, end: Math.min(start + secs, Math.max(next, start), length) };
  });
  const tools = tool_calls.map((tool): ToolSpan => {
    const start = Math.min(length, Math.max(0, tool.time_in_call_secs ?? 0));
    return { tool, start, end: Math.min(length, start + Math.max(0, tool.latency_secs ?? 0)) };
  });
  const interruptions = speech.flatMap(({ turn, end }, n) => (turn.interrupted ? [speech[n + 1]?.start ?? end] : []));
  return { speech, tools, interruptions, length };
}

/** The moments to jump to, in order: interruptions, failed tool calls and long silences. */
export function troublesOf({ interruptions, tools }: Course, silences: readonly Silence[]): Trouble[] {
  return [
    ...interruptions.map((at) => ({ at, what: "Interruption" })),
    ...tools
      .filter(({ tool }) => tool.is_error)
      .map(({ tool, start }) => ({ at: start, what: `${tool.tool_name ?? "Tool"} failed` })),
    ...silences
      .filter(({ secs }) => secs >= LONG_SILENCE_SECS)
      .map(({ from, secs }) => ({ at: from, what: `${silenceText(secs)} of silence` })),
  ].sort((one, other) => one.at - other.at);
}

/** `19 s`. */
export function silenceText(secs: number): string {
  return `${Math.round(secs)}\u202fs`;
}

/** The position in `speech` of the turn that is heard at `time`; the first one before it begins. -1 if there is none. */
export function speechAt(speech: readonly Speech[], time: number): number {
  let [low, high] = [0, speech.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((speech[middle]?.start ?? 0) <= time + 0.01) low = middle;
    else high = middle - 1;
  }
  return Math.min(low, speech.length - 1);
}

function startsOf(turns: readonly Turn[]): { turn: Turn; start: number }[] {
  let latest = 0;
  const timed = turns.map((turn) => {
    latest = Math.max(latest, turn.time_in_call_secs ?? 0);
    return { turn, start: latest };
  });
  const counts = new Map<number, number>();
  for (const { start } of timed) counts.set(start, (counts.get(start) ?? 0) + 1);
  let [second, place] = [-1, 0];
  return timed.map(({ turn, start }) => {
    place = start === second ? place + 1 : 0;
    second = start;
    return { turn, start: start + place / (counts.get(start) ?? 1) };
  });
}

/** The last entries. Spreading all of a long call would exceed the number of arguments. */
function tail<Item>(items: readonly Item[]): readonly Item[] {
  return items.slice(-100);
}
