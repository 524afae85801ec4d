/** How values are written. Times are UTC everywhere, and local in a tooltip. */

const dayFormat = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const weekdayFormat = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  timeZone: "UTC",
});
const timeFormat = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
const localFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });
const wholeFormat = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

const DAY_MS = 86_400_000;

/** What stands where there is no value. */
export const NOTHING = "–";

/** A day or time as `format` has it. What is no time, for example in an address, is returned unchanged. */
function formatted(at: string, format: Intl.DateTimeFormat): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? at : format.format(date);
}

/** `29 Nov` for a day or a time. */
export function dayText(day: string): string {
  return formatted(day, dayFormat);
}

/** `Sun 29 Nov`. */
export function weekdayText(day: string): string {
  return formatted(day, weekdayFormat).replace(",", "");
}

/** `15:56`, in UTC. */
export function timeText(at: string): string {
  return formatted(at, timeFormat);
}

/** The time in the time zone of the reader. */
export function localText(at: string): string {
  return formatted(at, localFormat);
}

/** `1:05` for 65 seconds, `1:02:05` from an hour on. */
export function durationText(seconds: number | null): string {
  if (seconds === null) return NOTHING;
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** `1,234`. */
export function countText(count: number): string {
  return wholeFormat.format(count);
}

/** `1 call`, `2 calls`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

/** `85.7 %` for 0.857. */
export function percentText(share: number | null, digits = 1): string {
  return share === null ? NOTHING : `${(100 * share).toFixed(digits)}\u202f%`;
}

/** `$0.074`. */
export function usdText(usd: number | null, digits = 2): string {
  return usd === null ? NOTHING : `$${usd.toFixed(digits)}`;
}

/** `2.35 s`. */
export function secondsText(seconds: number | null): string {
  return seconds === null ? NOTHING : `${seconds < 9.95 ? seconds.toFixed(2) : seconds.toFixed(1)}\u202fs`;
}

/** `1.2 MB`; 1 kB is 1,000 bytes. */
export function bytesText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(0)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** A caller's folder for people: `+1 202 555 0187`, `cust_20187`, `Withheld`. */
export function callerText(caller: string | null): string {
  if (caller === null || caller === "anonymous") return "Withheld";
  if (!/^\d+$/.test(caller)) return caller.replace(/^user-/, "");
  const american = /^1(\d{3})(\d{3})(\d{4})$/.exec(caller);
  if (american) return `+1 ${american.slice(1).join(" ")}`;
  return `+${caller.slice(0, 2)} ${(caller.slice(2).match(/.{1,4}/g) ?? []).join(" ")}`;
}

/** The beginning of an id, for narrow columns. */
export function shortId(id: string): string {
  return id.length > 16 ? `${id.slice(0, 12)}…` : id;
}

/** The day `days` after `day` (or before it, for a negative number). What is no day is returned unchanged. */
export function dayAfter(day: string, days: number): string {
  if (Number.isNaN(Date.parse(day))) return day;
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Today, in UTC. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** The days from `from` to `to`, both included: the first `most` of them. None if they are no range. */
export function daysBetween(from: string, to: string, most = Number.POSITIVE_INFINITY): string[] {
  const length = Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
  return length > 0 ? Array.from({ length: Math.min(length, most) }, (_, index) => dayAfter(from, index)) : [];
}
