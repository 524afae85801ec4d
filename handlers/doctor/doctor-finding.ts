/** The result of one check. `wrong` requires an action, and a `note` may require one. */
export interface DoctorFinding {
  readonly level: "ok" | "note" | "wrong";
  /** The thing that was checked, in one or two words. */
  readonly subject: string;
  readonly detail: string;
  /** The action to take. */
  readonly todo?: string;
}

/** A finding that `subject` is correct. */
export function ok(subject: string, detail: string): DoctorFinding {
  return { level: "ok", subject, detail };
}

/** A finding about `subject` that may require an action. */
export function note(subject: string, detail: string, todo?: string): DoctorFinding {
  return { level: "note", subject, detail, ...(todo !== undefined && { todo }) };
}

/** A finding about something that loses calls, now or later, until a person does `todo`. */
export function wrong(subject: string, detail: string, todo: string): DoctorFinding {
  return { level: "wrong", subject, detail, todo };
}
