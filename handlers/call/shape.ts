import { isUtcDate, isUtcHour } from "../../queries/tables/utc-date.ts";
import { isObject } from "./json.ts";

/** Returns whether a parsed value has the shape of a `Value`. */
export type Shape<Value> = (value: unknown) => value is Value;

/** Any text. */
export function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** A safe integer of at least 0. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** `true` or `false`. */
export function isBoolean(value: unknown): value is boolean {
  return typeof value === "boolean";
}

/** A time, ISO 8601. */
export function isMoment(value: unknown): value is string {
  return isText(value) && !Number.isNaN(Date.parse(value));
}

/** A UTC date, `YYYY-MM-DD`. */
export function isDay(value: unknown): value is string {
  return isText(value) && isUtcDate(value);
}

/** A UTC hour, `YYYY-MM-DD/HH`, or a UTC date. */
export function isHour(value: unknown): value is string {
  return isText(value) && (isUtcHour(value) || isUtcDate(value));
}

/** A SHA-256, hexadecimal. */
export function isSha256(value: unknown): value is string {
  return isText(value) && /^[0-9a-f]{64}$/.test(value);
}

/** One of these texts. */
export function oneOf<Text extends string>(...texts: readonly Text[]): Shape<Text> {
  return (value): value is Text => texts.some((text) => text === value);
}

/** A value of this shape, or `undefined`. */
export function optional<Value>(shape: Shape<Value>): Shape<Value | undefined> {
  return (value): value is Value | undefined => value === undefined || shape(value);
}

/** A value of this shape, or `null`. */
export function orNull<Value>(shape: Shape<Value>): Shape<Value | null> {
  return (value): value is Value | null => value === null || shape(value);
}

/** An array of values of this shape. */
export function listOf<Value>(shape: Shape<Value>): Shape<readonly Value[]> {
  return (value): value is readonly Value[] => Array.isArray(value) && value.every(shape);
}

/** An object with any keys, whose values have this shape. */
export function recordOf<Value>(shape: Shape<Value>): Shape<Readonly<Record<string, Value>>> {
  return (value): value is Readonly<Record<string, Value>> => isObject(value) && Object.values(value).every(shape);
}

/**
 * An object in which each of these members has its shape. Other members are allowed: a later version may have written
 * them.
 */
export function objectOf<Value extends object>(
  members: {
    readonly [Name in keyof Value]-?: Shape<Value[Name] | undefined>;
  },
): Shape<Value> {
  const shapes = Object.entries<Shape<unknown>>(members);
  return (value): value is Value => isObject(value) && shapes.every(([name, shape]) => shape(value[name]));
}
