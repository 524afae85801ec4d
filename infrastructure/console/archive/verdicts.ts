import { countText, dayText, plural, timeText } from "../parts/format.ts";
import { type Day, daysIn, deadLettersIn, type Finding, findingsIn, type Report, sumOf } from "./report.ts";

/** How good an answer is. `unknown` is not good: nothing was checked. */
export type Tone = "good" | "warn" | "bad" | "unknown";

/** The answer to one question about the archive, and what it is from. */
export interface Verdict {
  readonly question: string;
  readonly tone: Tone;
  readonly answer: string;
  readonly lines: readonly { readonly tone: Tone; readonly text: string; readonly todo?: string | undefined }[];
  /** The command that checks it again. */
  readonly command: string;
}

/** How many findings a verdict lists. The page has all of them. */
const SHOWN = 4;

/** Will the next call arrive? The doctor knows. */
export function arrivalVerdict(report: Report): Verdict {
  const question = "Will the next call arrive?";
  const command = "npm run doctor";
  const { doctor_checked_at: at } = report;
  if (at === null) {
    const text = "The doctor checks the webhook at ElevenLabs and this archive. Its last result is not stored here.";
    return { question, command, tone: "unknown", answer: "Not known", lines: [{ tone: "unknown", text }] };
  }
  const findings = (findingsIn(report) ?? []).filter(({ source }) => source === "doctor");
  const wrong = findings.filter(({ isNote }) => !isNote);
  return {
    question,
    command,
    tone: wrong.length > 0 ? "bad" : findings.length > 0 ? "warn" : "good",
    answer:
      wrong.length > 0
        ? `${plural(wrong.length, "thing is", "things are")} wrong`
        : findings.length > 0
          ? `Yes, with ${plural(findings.length, "note")}`
          : "Yes",
    lines: [...findingLines(findings), checkedLine(at)],
  };
}

/** Is every call here that ElevenLabs has? A comparison knows. */
export function completenessVerdict(report: Report): Verdict {
  const question = "Is every call here that ElevenLabs has?";
  const command = `npm run backfill -- --from ${report.from} --dry-run`;
  const days = daysIn(report);
  const [compared, others] = [
    days.filter(({ missing }) => missing !== null),
    days.filter((day) => day.missing === null),
  ];
  const { missing_calls: missing, missing_checked_at: at } = report;
  if (missing === null || at === null) {
    const text = "These days were not compared with ElevenLabs, or the result is not stored here.";
    return { question, command, tone: "unknown", answer: "Not known", lines: [{ tone: "unknown", text }] };
  }
  const lacking = compared.filter((day) => day.missing);
  const notCompared = {
    tone: "unknown" as const,
    text: `${plural(others.length, "day")} with calls ${others.length === 1 ? "was" : "were"} not compared`,
  };
  return {
    question,
    command,
    tone: missing.length > 0 ? "bad" : others.length > 0 ? "warn" : "good",
    answer:
      missing.length > 0
        ? `${plural(missing.length, "call is", "calls are")} missing`
        : others.length > 0
          ? "Yes, on the compared days"
          : "Yes",
    lines: [
      ...lacking.slice(0, SHOWN).map((day) => ({
        tone: "bad" as const,
        text: `${dayText(day.day)}: ${plural(day.missing ?? 0, "call")} missing`,
      })),
      ...(lacking.length > SHOWN
        ? [{ tone: "bad" as const, text: `and ${plural(lacking.length - SHOWN, "more day")}` }]
        : []),
      ...(others.length > 0 ? [notCompared] : []),
      checkedLine(at, "The oldest comparison is of"),
    ],
  };
}

/** Is what is here whole? The last verification, the dead letters and the counts of the days know. */
export function wholenessVerdict(report: Report): Verdict {
  const question = "Is what is here whole?";
  const command = "npm run verify";
  const at = report.findings_checked_at;
  const findings = (findingsIn(report) ?? []).filter(({ source }) => source === "verify");
  const wrong = findings.filter(({ isNote }) => !isNote);
  const dead = deadLettersIn(report)?.length ?? 0;
  const unfinished = { tone: "warn" as const, text: `${plural(dead, "object is", "objects are")} dead-lettered` };
  return {
    question,
    command,
    ...wholeAnswer(at, wrong.length, dead),
    lines: [
      ...findingLines(wrong),
      ...(dead > 0 ? [unfinished] : []),
      ...(at === null
        ? [{ tone: "unknown" as const, text: "Every byte is checked by verify. Its last result is not stored here." }]
        : [checkedLine(at)]),
    ],
  };
}

function wholeAnswer(at: string | null, wrong: number, dead: number): Pick<Verdict, "tone" | "answer"> {
  const notFinished = `${plural(dead, "object is", "objects are")} not finished`;
  if (at === null) return dead > 0 ? { tone: "warn", answer: notFinished } : { tone: "unknown", answer: "Not known" };
  if (wrong > 0) return { tone: "bad", answer: plural(wrong, "finding") };
  return dead > 0 ? { tone: "warn", answer: `Every byte is; ${notFinished}` } : { tone: "good", answer: "Yes" };
}

/** Counts of the range. `null` is not known. */
export function tally(report: Report): readonly (readonly [string, number | null])[] {
  const days = daysIn(report);
  const letters = deadLettersIn(report);
  return [
    ["Calls in the archive", sumOf(days, ({ calls }) => calls)],
    ["Calls in the tables", sumOf(days, ({ rows }) => rows)],
    ["Recordings", sumOf(days, ({ recordings }) => recordings)],
    ["Recordings missing", sumOf(days, ({ recordingsMissing }) => recordingsMissing)],
    ["Memories stored, or none to store", sumOf(days, ({ memories }) => memories)],
    ["Dead letters", letters?.length ?? null],
  ];
}

function findingLines(findings: readonly Finding[]): Verdict["lines"] {
  const lines = findings.slice(0, SHOWN).map(({ subject, what, remedy, isNote }) => ({
    tone: isNote ? ("warn" as const) : ("bad" as const),
    text: `${subject}: ${what}`,
    todo: remedy ?? undefined,
  }));
  const more = findings.length - lines.length;
  return more > 0 ? [...lines, { tone: "unknown", text: `and ${countText(more)} more, below` }] : lines;
}

function checkedLine(at: string, words = "Checked") {
  return { tone: "good" as const, text: `${words} ${dayText(at)}, ${timeText(at)}` };
}

/** The days of a report by day. */
export function byDay(days: readonly Day[]): ReadonlyMap<string, Day> {
  return new Map(days.map((day) => [day.day, day]));
}
