/** The UTC date of a moment, `YYYY-MM-DD`. */
export function utcDate(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

/** Whether `text` is a date of the calendar as `YYYY-MM-DD`. `Date` alone accepts the 31st of a short month. */
export function isUtcDate(text: string): boolean {
  const midnight = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(midnight.getTime()) && utcDate(midnight) === text;
}
