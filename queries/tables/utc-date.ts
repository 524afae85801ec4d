/** The UTC date of a moment, `YYYY-MM-DD`. */
export function utcDate(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

/** The UTC hour of a moment, `YYYY-MM-DD/HH`. */
export function utcHour(moment: Date): string {
  return moment.toISOString().slice(0, 13).replace("T", "/");
}

/** The date of an hour. The date of a date is itself. */
export function dateOfHour(hour: string): string {
  return hour.slice(0, 10);
}

/** Whether `text` is an hour of the calendar as `YYYY-MM-DD/HH`. */
export function isUtcHour(text: string): boolean {
  return isUtcDate(dateOfHour(text)) && /^.{10}\/([01]\d|2[0-3])$/.test(text);
}

/** Whether `text` is a date of the calendar as `YYYY-MM-DD`. `Date` alone accepts the 31st of a short month. */
export function isUtcDate(text: string): boolean {
  const midnight = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(midnight.getTime()) && utcDate(midnight) === text;
}
