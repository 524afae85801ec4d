/** The names of a function's environment variables: the required ones, and those that turn a feature on. */
export interface Variables {
  readonly required: string;
  readonly optional: string;
}

/** The values of a function's variables, as a deployment sets them. An `undefined` one is not set. */
export type Environment<Names extends Variables> = Readonly<
  Record<Names["required"], string> & Partial<Record<Names["optional"], string | undefined>>
>;

/** Reads the environment variables `Names` of this function. */
export interface EnvironmentReader<Names extends Variables> {
  /** @throws Error naming the variable. Read it at the start, so that the deployment shows the error. */
  required(name: Names["required"]): string;
  /** The value of a variable that turns a feature on; `undefined` if it is not set. */
  optional(name: Names["optional"]): string | undefined;
}

/** The environment of the function with the variables `Names`. Without `Names` no variable can be read. */
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
