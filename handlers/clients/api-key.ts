/**
 * `value` as it can be sent in a header: without the white space that files and consoles leave around it.
 *
 * @throws Error naming `variable`, never the key, if it is empty or holds what no key holds. `fetch` would
 * quote the whole key in its own error.
 */
export function apiKey(value: string, variable: string): string {
  const key = value.trim();
  if (key === "") throw new Error(`${variable} is empty`);
  if (!/^[\x21-\x7e]+$/.test(key)) throw new Error(`${variable} holds a character that no key holds: copy it again`);
  return key;
}
