/** So many flips instead of the usual few: `FLIPS=300 FLIP_CALLS=200 npx vitest run --project local test/faults/bit-flips`. */
export const FLIPS = Number(process.env["FLIPS"] ?? 24);

/** In an archive of so many calls. */
export const FLIP_CALLS = process.env["FLIP_CALLS"] === undefined ? "few" : Number(process.env["FLIP_CALLS"]);

/** What everything is drawn from. The same each time, unless somebody looks for what nobody has seen yet. */
export const FLIP_SEED = Number(process.env["FLIP_SEED"] ?? 1) | 0;

/** Whether more is asked for than usual. */
export const IS_LONG = process.env["FLIPS"] !== undefined;
