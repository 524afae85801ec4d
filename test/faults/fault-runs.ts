/** So many calls instead of the usual few, and every pair of crashes: `npm run test:faults` says 1,000, unless it is told. */
const CALLS = Number(process.env["FAULT_CALLS"] ?? 0);

/** What everything is drawn from. The same each time, unless somebody looks for what nobody has seen yet. */
const SEED = Number(process.env["FAULT_SEED"] ?? 1) | 0;

/** Calls in one world. More calls are more worlds, so that what a failure names can be run again by itself. */
const CALLS_IN_A_WORLD = 250;

/** Whether everything is to be tried, however long it takes. */
export const IS_LONG = CALLS > 0;

/** The worlds of a run that has `usual` calls unless it was asked for more: each with a seed and so many calls. */
export function worldsOf(usual: number): { readonly seed: number; readonly calls: number }[] {
  const calls = IS_LONG ? CALLS : usual;
  return Array.from({ length: Math.ceil(calls / CALLS_IN_A_WORLD) }, (_, index) => ({
    seed: SEED + index,
    calls: Math.min(CALLS_IN_A_WORLD, calls - index * CALLS_IN_A_WORLD),
  }));
}
