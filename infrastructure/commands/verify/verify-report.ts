import {
  type ArchiveFinding,
  type Counts,
  FINDING_KINDS,
  type FindingKind,
  NOTICE_KINDS,
  type Verified,
} from "../../../handlers/verify/archive-finding.ts";
import { cellText, namedTable } from "../toolkit/text-table.ts";

/** The format of the report. */
export interface ReportOptions {
  readonly format: "text" | "json";
  /** Whether to print objects without findings, too. */
  readonly all: boolean;
}

/** Formats one object as a line; empty if it has no findings and `all` is off. */
export function reportLine(found: Verified, { format, all }: ReportOptions): string {
  const { key, state, findings } = found;
  if (findings.length === 0 && !all) return "";
  if (format === "json") return `${JSON.stringify({ key, state, findings })}\n`;
  const texts = findings.map((finding) => findingText(finding, key));
  return `${cellText(key)}  ${cellText(texts.length === 0 ? state : texts.join("; "))}\n`;
}

function findingText({ kind, key, what, remedy }: ArchiveFinding, about: string): string {
  return `[${kind}] ${key === about ? "" : `${key} `}${what}. To do: ${remedy}`;
}

/** The totals of all that was verified. */
export interface Totals {
  add(found: Verified): void;
  /** The number of findings of each kind. */
  readonly findings: Readonly<Partial<Record<FindingKind, number>>>;
  /** Formats the totals. */
  text(format: ReportOptions["format"]): string;
}

const COUNTED: readonly (readonly [name: keyof Counts, what: string])[] = [
  ["objects", "objects"],
  ["signed", "signed, and valid"],
  ["unsigned", "without a signature"],
  ["recordings", "recordings"],
  ["unread", "recordings not read"],
  ["rows", "rows"],
  ["memories", "memories"],
  ["days", "days"],
];

/** Returns empty totals. Their size in memory does not grow. */
export function newTotals(): Totals {
  const counts: Record<keyof Counts, number> = {
    objects: 0,
    days: 0,
    signed: 0,
    unsigned: 0,
    recordings: 0,
    unread: 0,
    rows: 0,
    memories: 0,
  };
  const findings: Partial<Record<FindingKind, number>> = {};
  let working = 0;

  return {
    add(found) {
      for (const [name] of COUNTED) counts[name] += found.counts[name] ?? 0;
      for (const { kind } of found.findings) findings[kind] = (findings[kind] ?? 0) + 1;
      if (found.state === "in work") working += 1;
    },
    findings,
    text(format) {
      if (format === "json") return `${JSON.stringify({ totals: { ...counts, in_work: working, findings } })}\n`;
      const lines = (kinds: readonly FindingKind[], what: string) =>
        kinds.flatMap((kind) => (findings[kind] === undefined ? [] : [[`${what}: ${kind}`, findings[kind]]]));
      return namedTable(
        ["what", "count"],
        [
          ...COUNTED.map(([name, what]) => [what, counts[name]]),
          ["in work", working],
          ...lines(FINDING_KINDS, "finding"),
          ...lines(NOTICE_KINDS, "notice"),
        ],
      );
    },
  };
}
