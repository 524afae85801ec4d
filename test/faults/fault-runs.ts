/** The number of calls in a long run, which also tries every pair of crashes. `npm run test:faults` sets 1,000. */
const CALLS = Number(process.env["FAULT_CALLS"] ?? 0);

/** The first seed of all random numbers. Set `FAULT_SEED` to look for new failures. */
const SEED = Number(process.env["FAULT_SEED"] ?? 1) | 0;

/** The most calls in one world. More calls are divided among worlds, so that one failed world can be run alone. */
const CALLS_IN_A_WORLD = 250;

/** Whether this is a long run, which tries everything. */
export const IS_LONG = CALLS > 0;

/** The worlds of a run, each with its seed and number of calls. A short run has `usual` calls in total. */
export function worldsOf(usual: number): { readonly seed: number; readonly calls: number }[] {
  const calls = IS_LONG ? CALLS : usual;
  return Array.from({ length: Math.ceil(calls / CALLS_IN_A_WORLD) }, (_, index) => ({
    seed: SEED + index,
    calls: Math.min(CALLS_IN_A_WORLD, calls - index * CALLS_IN_A_WORLD),
  }));
}
