/** The kinds of findings, in the order in which they are counted. */
export const FINDING_KINDS = [
  "signature",
  "damaged",
  "replaced",
  "lost",
  "not deleted",
  "misfiled",
  "stray",
  "unprocessed",
  "record",
  "metadata",
  "lease",
  "rows",
  "recording",
  "memory",
  "orphan recording",
  "orphan rows",
  "closed day",
  "packed hour",
  "unreadable rows",
  "not verified",
] as const;

/** The kinds of notices: nothing is wrong, but a person may want to know. */
export const NOTICE_KINDS = [
  "accepted",
  "fetched again",
  "deleted",
  "earlier folder",
  "waiting audio",
  "waiting recording",
  "recording not read",
  "signature lost",
  "damaged note",
] as const;

export type FindingKind = (typeof FINDING_KINDS)[number] | (typeof NOTICE_KINDS)[number];

/** A finding, or a notice. */
export interface ArchiveFinding {
  readonly kind: FindingKind;
  /** The key of the object. */
  readonly key: string;
  /** What is wrong: the rest of a sentence that begins with the key. */
  readonly what: string;
  /** What to do about it. */
  readonly remedy: string;
  /** Whether `--fix` repairs it. */
  readonly isRepairable: boolean;
  /** Whether fetching the call from ElevenLabs repairs it. */
  readonly isFetchable?: boolean;
  /** How `--fix` repairs it. */
  readonly repair?: Repair;
}

/**
 * How `--fix` repairs a finding. It processes the object again, writes its metadata or the recording beside it again
 * from other sources, packs the hour again, or rebuilds the parts of the day, or of all closed days, from live objects.
 */
export type Repair = "process" | "metadata" | "recording" | "hour" | "day" | "all days";

/** A finding without its key, which the caller adds. */
export type ArchiveProblem = Omit<ArchiveFinding, "key">;

/** How much was checked, and holds. */
export interface Counts {
  readonly objects: number;
  readonly days: number;
  /** Objects with a signature that is valid over their bytes. */
  readonly signed: number;
  /** Objects without a signature. */
  readonly unsigned: number;
  readonly recordings: number;
  /** Recordings whose bytes were not read. */
  readonly unread: number;
  readonly rows: number;
  readonly memories: number;
}

/** The result for one object, or for a day's rows. */
export interface Verified {
  readonly key: string;
  /** `in work`: it is processed now or waits for that, so nothing is known yet. */
  readonly state: "holds" | "notice" | "does not hold" | "in work";
  readonly findings: readonly ArchiveFinding[];
  readonly counts: Partial<Counts>;
}

/** A problem that processing the object again repairs. */
export function repairable(kind: FindingKind, what: string): ArchiveProblem {
  return repairableBy("process", kind, what, "process it again (--fix)");
}

/** A problem that `--fix` repairs by `repair`. */
export function repairableBy(repair: Repair, kind: FindingKind, what: string, remedy: string): ArchiveProblem {
  return { kind, what, remedy, isRepairable: true, repair };
}

/** A problem that a person must repair. */
export function byHand(kind: FindingKind, what: string, remedy: string): ArchiveProblem {
  return { kind, what, remedy, isRepairable: false };
}

/** A problem that a person must repair, or that fetching the call again repairs. */
export function fetchable(kind: FindingKind, what: string, remedy: string): ArchiveProblem {
  return { ...byHand(kind, what, remedy), isFetchable: true };
}

/** Whether a finding is only a notice. */
export function isNotice({ kind }: Pick<ArchiveFinding, "kind">): boolean {
  return NOTICE_KINDS.some((each) => each === kind);
}

/** The result for `key`, with these findings. */
export function verified(
  key: string,
  findings: readonly ArchiveFinding[],
  counts: Partial<Counts> = { objects: 1 },
): Verified {
  const state = findings.length === 0 ? "holds" : findings.every(isNotice) ? "notice" : "does not hold";
  return { key, state, findings, counts };
}

/** The result for an object that changes while it is checked. */
export function inWork(key: string): Verified {
  return { key, state: "in work", findings: [], counts: { objects: 1 } };
}

/** `problems` as findings about the object at `key`. */
export function findingsAt(key: string, problems: readonly ArchiveProblem[]): ArchiveFinding[] {
  return problems.map((problem) => ({ ...problem, key }));
}
