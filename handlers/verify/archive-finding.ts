/** What may not hold, in the order in which it is counted. */
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
  "unreadable rows",
  "not verified",
] as const;

/** What a person may want to know, though all holds. */
export const NOTICE_KINDS = [
  "accepted",
  "fetched again",
  "deleted",
  "waiting audio",
  "waiting recording",
  "recording not read",
  "signature lost",
  "damaged note",
] as const;

export type FindingKind = (typeof FINDING_KINDS)[number] | (typeof NOTICE_KINDS)[number];

/** Something that does not hold, or a notice. */
export interface ArchiveFinding {
  readonly kind: FindingKind;
  /** The object that it is about. */
  readonly key: string;
  /** What is the case, as a sentence goes on after a key. */
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
 * How something is repaired: the object is processed again, its metadata or the recording beside it is put again from
 * what else is known, or the parts of the day, or of all closed days, are rebuilt from live objects.
 */
export type Repair = "process" | "metadata" | "recording" | "day" | "all days";

/** A finding about an object that whoever found it looks at. */
export type ArchiveProblem = Omit<ArchiveFinding, "key">;

/** How much was looked at and holds. */
export interface Counts {
  readonly objects: number;
  readonly days: number;
  /** Objects with a signature that is valid over their bytes, and delivered ones without any. */
  readonly signed: number;
  readonly unsigned: number;
  readonly recordings: number;
  /** Recordings whose bytes were not read. */
  readonly unread: number;
  readonly rows: number;
  readonly memories: number;
}

/** What was found out about one object, or about a day's rows. */
export interface Verified {
  readonly key: string;
  /** `in work`: it is being processed or waits for it, so nobody can say yet. */
  readonly state: "holds" | "notice" | "does not hold" | "in work";
  readonly findings: readonly ArchiveFinding[];
  readonly counts: Partial<Counts>;
}

/** Something that processing the object again repairs. */
export function repairable(kind: FindingKind, what: string): ArchiveProblem {
  return repairableBy("process", kind, what, "process it again (--fix)");
}

/** Something that `--fix` repairs in this way. */
export function repairableBy(repair: Repair, kind: FindingKind, what: string, remedy: string): ArchiveProblem {
  return { kind, what, remedy, isRepairable: true, repair };
}

/** Something that a person has to see to. */
export function byHand(kind: FindingKind, what: string, remedy: string): ArchiveProblem {
  return { kind, what, remedy, isRepairable: false };
}

/** Something that a person has to see to, or that fetching the call again repairs. */
export function fetchable(kind: FindingKind, what: string, remedy: string): ArchiveProblem {
  return { ...byHand(kind, what, remedy), isFetchable: true };
}

/** Whether this is only to be known. */
export function isNotice({ kind }: Pick<ArchiveFinding, "kind">): boolean {
  return NOTICE_KINDS.some((each) => each === kind);
}

/** The answer about `key`, in which these are the findings. */
export function verified(
  key: string,
  findings: readonly ArchiveFinding[],
  counts: Partial<Counts> = { objects: 1 },
): Verified {
  const state = findings.length === 0 ? "holds" : findings.every(isNotice) ? "notice" : "does not hold";
  return { key, state, findings, counts };
}

/** The answer about something that changes while it is looked at. */
export function inWork(key: string): Verified {
  return { key, state: "in work", findings: [], counts: { objects: 1 } };
}

/** `problems` of the object at `key`. */
export function findingsAt(key: string, problems: readonly ArchiveProblem[]): ArchiveFinding[] {
  return problems.map((problem) => ({ ...problem, key }));
}
