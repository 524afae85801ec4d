import { createHash } from "node:crypto";

/** The name of the last member of an object that has a checksum. */
const CHECKSUM = "checksum";

/**
 * `value` with a checksum as its last member: the SHA-256 of the JSON text of the other members.
 *
 * Every JSON object that this program writes and reads back has one. A flipped bit inside a text leaves valid JSON of
 * the right shape, and only a checksum detects it.
 */
export function withChecksum<Value extends object>(value: Value): Value & { readonly [CHECKSUM]: string } {
  return { ...value, [CHECKSUM]: checksumOf(value) };
}

/**
 * Returns a JSON object without its checksum, or `undefined` if the checksum is wrong. An object without a checksum
 * was written by an earlier version, and is returned unchanged.
 *
 * The checksum is recognised by its name or by its format, so that one flipped bit cannot hide it.
 */
export function checkedValue(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const [name, checksum] = Object.entries(value).at(-1) ?? [];
  if (name !== CHECKSUM && !isHash(checksum)) return value;
  const { [CHECKSUM]: _, ...rest }: Record<string, unknown> = { ...value };
  return name === CHECKSUM && isChecksumOf(rest, checksum) ? rest : undefined;
}

/** A value that is too deeply nested for `JSON.stringify` was not written by this program. */
function isChecksumOf(value: object, checksum: unknown): boolean {
  try {
    return checksum === checksumOf(value);
  } catch {
    return false;
  }
}

function checksumOf(value: object): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}

function isHash(value: unknown): boolean {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}
