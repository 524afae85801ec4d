import { at, isObject, list, text } from "../json.ts";

/** Levels of lists and maps that are read. A value that is nested deeper stays as it was sent. */
const DEEPEST = 64;

/** The members of an `AnyValue`, of which one is set. */
const MEMBERS = [
  "stringValue",
  "boolValue",
  "intValue",
  "doubleValue",
  "arrayValue",
  "kvlistValue",
  "bytesValue",
] as const;

/**
 * The value in an `AnyValue`, the form of all values in OpenTelemetry's JSON; `undefined` if it is empty.
 *
 * An integer that a JavaScript number cannot hold stays a text. Bytes stay base64.
 *
 * From `common.proto` of opentelemetry-proto and the page on its JSON encoding, read 2026-11: integers of 64 bits are
 * texts, but numbers are accepted, too.
 */
export function anyValue(sent: unknown, depth = 0): unknown {
  if (!isObject(sent) || depth === DEEPEST) return sent ?? undefined;
  const member = MEMBERS.find((name) => (at(sent, name) ?? null) !== null);
  if (member === undefined) return undefined;
  const value = sent[member];
  if (member === "intValue") return integer(value);
  if (member === "arrayValue") return list(at(value, "values")).map((each) => anyValue(each, depth + 1) ?? null);
  if (member === "kvlistValue") return Object.fromEntries(keyValues(at(value, "values"), depth + 1));
  return value;
}

/** The names and values in a list of `KeyValue`s, without those that are empty. */
export function keyValues(sent: unknown, depth = 0): readonly (readonly [string, unknown])[] {
  return list(sent).flatMap((each) => {
    const name = text(at(each, "key"));
    const value = anyValue(at(each, "value"), depth);
    return name === null || value === undefined ? [] : [[name, value] as const];
  });
}

function integer(sent: unknown): unknown {
  if (typeof sent !== "string" || !/^\s*-?\d{1,16}\s*$/.test(sent)) return sent;
  const found = Number(sent);
  return Number.isSafeInteger(found) ? found : sent;
}
