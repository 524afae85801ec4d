/** The environment variables of a function by name: those that it cannot do without, and those that turn something on. */
export interface Variables {
  readonly required: string;
  readonly optional: string;
}

/** The values of a function's variables, as a deployment sets them. One that is `undefined` is not set. */
export type Environment<Names extends Variables> = Readonly<
  Record<Names["required"], string> & Partial<Record<Names["optional"], string | undefined>>
>;

/** Reads the environment of this process, which is a function with the variables `Names`. */
export interface EnvironmentReader<Names extends Variables> {
  /** @throws Error naming the variable: at the start, where a deployment shows it, and not in the middle of a call. */
  required(name: Names["required"]): string;
  /** The value of a variable that turns something on, or `undefined`. */
  optional(name: Names["optional"]): string | undefined;
}

/** The environment of the function whose variables are `Names`. Without `Names` no variable can be read. */
export function environment<Names extends Variables = never>(): EnvironmentReader<Names> {
  return {
    required(name) {
      const value = process.env[name];
      if (!value) throw new Error(`the environment variable ${name} is not set`);
      return value;
    },
    optional: (name) => process.env[name] || undefined,
  };
}
