/**
 * The value of a variable that this function cannot do without.
 *
 * @throws Error naming it: at the start, where a deployment shows it, and not in the middle of a call.
 */
export function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`the environment variable ${name} is not set`);
  return value;
}

/** The value of a variable that turns something on, or `undefined`. */
export function optional(name: string): string | undefined {
  return process.env[name] || undefined;
}
