/** One decision, as it is logged. Never a body, a transcript, a header, a secret or a whole phone number. */
export type LogEntry = Readonly<Record<string, string | number | boolean | readonly string[] | null | undefined>>;

export type Log = (entry: LogEntry) => void;

/** Writes each entry as one line of JSON. */
export function jsonLog(write: (line: string) => void, now: () => Date): Log {
  return (entry) => write(`${JSON.stringify({ at: now().toISOString(), ...entry })}\n`);
}

/** `text` with all but the last two digits of every long number hidden: keys and file names hold phone numbers. */
export function masked(text: string): string {
  return text.replace(/(?<![A-Za-z0-9_])\+?\d{5,}(?![A-Za-z0-9_])/g, (number) => `***${number.slice(-2)}`);
}
