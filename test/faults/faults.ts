import type { Random } from "../../infrastructure/samples/random.ts";

/**
 * What goes wrong with one thing that a process asks of the world outside.
 *
 * - `fails before`, `fails after`: an error, and it was not done, or it was: who asked cannot know which;
 * - `done late`, `answered late`: minutes pass before it is done, or before the answer comes;
 * - `hangs before`, `hangs after`: the same, and then an error;
 * - `dies before`, `dies after`: the process is gone.
 */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** All that can go wrong. */
const FAULT_KINDS = [
  "fails before",
  "fails after",
  "done late",
  "answered late",
  "hangs before",
  "hangs after",
  "dies before",
  "dies after",
] as const;

/** Draws faults, and counts them. */
export interface Faults {
  /** What goes wrong this time at `boundary`, if anything does. */
  draw(boundary: string): FaultKind | undefined;
  /** Whether something goes wrong that is no `FaultKind`: it is described by who asks, and counted by `count`. */
  strike(): boolean;
  count(boundary: string, kind: string): void;
  /** How often each kind was injected, as `boundary: kind`. */
  readonly injected: ReadonlyMap<string, number>;
}

/** Faults of these kinds at so many of all boundaries that are crossed, from 0 to 1. */
export function randomFaults(random: Random, rate: number, kinds: readonly FaultKind[] = FAULT_KINDS): Faults {
  const injected = new Map<string, number>();
  const count = (boundary: string, kind: string) => {
    const name = `${boundary}: ${kind}`;
    injected.set(name, (injected.get(name) ?? 0) + 1);
  };
  return {
    injected,
    count,
    strike: () => kinds === FAULT_KINDS && random.chance(rate),
    draw(boundary) {
      if (!random.chance(rate)) return undefined;
      const kind = random.pick(kinds);
      count(boundary, kind);
      return kind;
    },
  };
}
