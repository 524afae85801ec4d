/** The number of flips: `FLIPS=300 FLIP_CALLS=200 npx vitest run --project local test/faults/bit-flips`. */
export const FLIPS = Number(process.env["FLIPS"] ?? 24);

/** The seed of all random numbers. Set `FLIP_SEED` to look for new failures. */
export const FLIP_SEED = Number(process.env["FLIP_SEED"] ?? 1) | 0;

/** Whether this is a long run. */
export const IS_LONG = process.env["FLIPS"] !== undefined;

const CALLS = process.env["FLIP_CALLS"] ?? (IS_LONG ? "7" : undefined);

/** The number of calls in the archive; `"few"`, in a short run, is the shortest call of each form. */
export const FLIP_CALLS = CALLS === undefined ? "few" : Number(CALLS);
