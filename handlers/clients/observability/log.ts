/**
 * One decision, as a log line. Never contains a body, a transcript, a header, a secret or a whole phone number.
 *
 * The field names that AWS adds to each line are reserved. On AWS, `message` is the event.
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

/** `text` without people: keeps only the last two digits of a long number, and nothing of the folder of a user id. */
export function masked(text: string): string {
  return text
    .replace(/\buser-[A-Za-z0-9_-]+(?=\/)/g, "user-***")
    .replace(/(?<![A-Za-z0-9_])\+?\d{5,}(?![A-Za-z0-9_])/g, (number) => `***${number.slice(-2)}`);
}

/** The message of what was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The message of what was thrown, masked for a log. */
export function reasonOf(error: unknown): string {
  return masked(messageOf(error));
}
