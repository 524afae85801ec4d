/** The value of a secret in Secrets Manager until a person puts a key there. It has a space, and no key has one. */
export const KEY_NOT_SET = "not set yet";

/** The key is not set yet, so the service cannot be called. */
export class KeyNotSet extends Error {
  override readonly name = "KeyNotSet";
}

/**
 * `value` without the white space that files and consoles leave around it, ready for a header.
 *
 * @throws KeyNotSet if it is the value of a secret before a key is put there.
 * @throws Error if it is empty or has a character that no key has. The message names `variable`, never the key. `fetch`
 *   would quote the whole key in its own error.
 */
export function apiKey(value: string, variable: string): string {
  const key = value.trim();
  if (key === KEY_NOT_SET) throw new KeyNotSet(`${variable} is not set yet: npm run secret stores it`);
  if (key === "") throw new Error(`${variable} is empty`);
  if (!/^[\x21-\x7e]+$/.test(key)) throw new Error(`${variable} has a character that no key has: copy it again`);
  return key;
}
