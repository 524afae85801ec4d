import type { TurnRow } from "../../queries/tables/turns.ts";
import type { KnownEvent } from "../call/event.ts";
import { turnRows } from "../call/rows/turn-rows.ts";

/** The formats of a transcript. */
export const TRANSCRIPT_FORMATS = ["txt", "md", "vtt", "json"] as const;

/** How long the last caption is shown, in seconds, and the least time for any. */
const LAST_SECS = 5;
const LEAST_SECS = 0.1;

/** Later times are not times in a call. */
const LONGEST_SECS = 1e6;

/** An entry of a transcript for people, with the times of its caption. */
interface Line {
  readonly speaker: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The rows of the transcript of a call. */
export function turnsOf(event: KnownEvent, caller: string): TurnRow[] {
  return event.kind === "transcription" ? turnRows(event, caller) : [];
}

/** The transcript as plain text: one line for each entry that has words or calls a tool. */
export function transcriptText(turns: readonly TurnRow[]): string {
  return linesOf(turns)
    .map(({ speaker, text, start }) => `${clock(start)} ${speaker}: ${oneLine(text)}\n`)
    .join("");
}

/** The transcript as Markdown. Characters with a meaning in Markdown and HTML are escaped. */
export function transcriptMarkdown(turns: readonly TurnRow[], title: string): string {
  const lines = linesOf(turns).map(
    ({ speaker, text, start }) => `**${speaker}** (${clock(start)}): ${escapedMarkdown(oneLine(text))}\n`,
  );
  return [`# ${escapedMarkdown(oneLine(title))}\n`, ...lines].join("\n");
}

/** The transcript as captions (WebVTT, w3.org/TR/webvtt1). Each ends when the next begins. */
export function transcriptVtt(turns: readonly TurnRow[]): string {
  const cues = linesOf(turns).map(
    ({ speaker, text, start, end }) =>
      `${cueTime(start)} --> ${cueTime(end)}\n<v ${speaker}>${escapedCue(oneLine(text))}\n`,
  );
  return ["WEBVTT\n", ...cues].join("\n");
}

/** A missing time, and one that is earlier than the entry before, is the time of the entry before. */
function linesOf(turns: readonly TurnRow[]): Line[] {
  let latest = 0;
  const lines: { speaker: string; text: string; start: number }[] = [];
  for (const turn of turns) {
    latest = Math.min(Math.max(latest, turn.time_in_call_secs ?? 0), LONGEST_SECS);
    const text = textOf(turn);
    if (text !== "") lines.push({ speaker: speakerOf(turn), text, start: latest });
  }
  return lines.map((line, n) => {
    const next = lines[n + 1]?.start ?? line.start + LAST_SECS;
    return { ...line, end: Math.max(next, line.start + LEAST_SECS) };
  });
}

function textOf({ message, kind, tool_names, interrupted }: TurnRow): string {
  const hasMessage = message !== null && kind !== "silence" && kind !== "tool" && message.trim() !== "";
  const parts = [
    hasMessage && kind !== "said" ? `[${kind?.replaceAll("_", " ")}]` : "",
    hasMessage ? message : "",
    tool_names ? `[calls ${tool_names.replaceAll(",", ", ")}]` : "",
    hasMessage && interrupted ? "[interrupted]" : "",
  ];
  return parts.filter((part) => part !== "").join(" ");
}

/** The role has no character that ends a voice tag or a Markdown emphasis. */
function speakerOf({ role }: TurnRow): string {
  return role?.replace(/[^\p{L}\p{N} _-]/gu, "").trim() || "unknown";
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function escapedMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>#|~]/g, "\\$&").replaceAll("&", "&amp;");
}

function escapedCue(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${String(Math.floor(whole / 60)).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}`;
}

function cueTime(seconds: number): string {
  const ms = Math.round(seconds * 1000);
  const [hours, minutes, secs] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(hours)}:${two(minutes)}:${two(secs)}.${String(ms % 1000).padStart(3, "0")}`;
}
