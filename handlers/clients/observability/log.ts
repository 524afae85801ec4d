/**
 * One decision, as it is logged. Never a body, a transcript, a header, a secret or a whole phone number.
 *
 * The names that a line has anyway on AWS are not taken: its `message` is the event.
 */
export interface LogEntry {
  readonly [field: string]: string | number | boolean | readonly string[] | null | undefined;
  readonly message?: never;
  readonly level?: never;
  readonly timestamp?: never;
  readonly service?: never;
  readonly request_id?: never;
}

export type Log = (entry: LogEntry) => void;

/** `text` without people: of each long number only the last two digits are left, of a folder for a user id nothing. */
export function masked(text: string): string {
  return text
    .replace(/\buser-[A-Za-z0-9_-]+(?=\/)/g, "user-***")
    .replace(/(?<![A-Za-z0-9_])\+?\d{5,}(?![A-Za-z0-9_])/g, (number) => `***${number.slice(-2)}`);
}

/** What was thrown, in its own words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What was thrown, as it is logged. */
export function reasonOf(error: unknown): string {
  return masked(messageOf(error));
}
