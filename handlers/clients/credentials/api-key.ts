/** What a deployed secret holds until a person puts a key there. No key has a space in it. */
export const KEY_NOT_SET = "not set yet";

/** No key was put into its place yet: there is nothing to ask the service with. */
export class KeyNotSet extends Error {
  override readonly name = "KeyNotSet";
}

/**
 * `value` as it can be sent in a header: without the white space that files and consoles leave around it.
 *
 * @throws KeyNotSet if it is what a deployed secret holds until a key is put there.
 * @throws Error naming `variable`, never the key, if it is empty or holds what no key holds. `fetch` would
 * quote the whole key in its own error.
 */
export function apiKey(value: string, variable: string): string {
  const key = value.trim();
  if (key === KEY_NOT_SET) throw new KeyNotSet(`${variable} is not set yet: put the key into its secret`);
  if (key === "") throw new Error(`${variable} is empty`);
  if (!/^[\x21-\x7e]+$/.test(key)) throw new Error(`${variable} holds a character that no key holds: copy it again`);
  return key;
}
