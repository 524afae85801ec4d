/** One thing that was looked at: `wrong` needs somebody, a `note` may need somebody. */
export interface Finding {
  readonly level: "ok" | "note" | "wrong";
  /** What was looked at, in a word or two. */
  readonly subject: string;
  readonly says: string;
  /** What to do about it. */
  readonly todo?: string;
}

/** All is well with `subject`. */
export function ok(subject: string, says: string): Finding {
  return { level: "ok", subject, says };
}

/** Something that a person may want to know of `subject`. */
export function note(subject: string, says: string, todo?: string): Finding {
  return { level: "note", subject, says, ...(todo !== undefined && { todo }) };
}

/** Something that loses calls, or will, unless a person does `todo`. */
export function wrong(subject: string, says: string, todo: string): Finding {
  return { level: "wrong", subject, says, todo };
}
