/** One thing that was looked at: `wrong` needs somebody, a `note` may need somebody. */
export interface DoctorFinding {
  readonly level: "ok" | "note" | "wrong";
  /** What was looked at, in a word or two. */
  readonly subject: string;
  readonly detail: string;
  /** What to do about it. */
  readonly todo?: string;
}

/** All is well with `subject`. */
export function ok(subject: string, detail: string): DoctorFinding {
  return { level: "ok", subject, detail };
}

/** Something that a person may want to know of `subject`. */
export function note(subject: string, detail: string, todo?: string): DoctorFinding {
  return { level: "note", subject, detail, ...(todo !== undefined && { todo }) };
}

/** Something that loses calls, or will, unless a person does `todo`. */
export function wrong(subject: string, detail: string, todo: string): DoctorFinding {
  return { level: "wrong", subject, detail, todo };
}
