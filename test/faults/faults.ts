import type { Random } from "../../infrastructure/samples/random.ts";

/**
 * What goes wrong with one operation of a process on an external system.
 *
 * - `fails before`, `fails after`: an error, before or after the operation was done; the process cannot know which;
 * - `done late`, `answered late`: minutes pass before the operation, or before its answer;
 * - `hangs before`, `hangs after`: the same, and then an error;
 * - `crashes before`, `crashes after`: the process ends.
 */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** Every kind of fault. */
const FAULT_KINDS = [
  "fails before",
  "fails after",
  "done late",
  "answered late",
  "hangs before",
  "hangs after",
  "crashes before",
  "crashes after",
] as const;

/** Draws faults, and counts them. */
export interface Faults {
  /** Draws the fault of the next operation at `boundary`, or none. */
  draw(boundary: string): FaultKind | undefined;
  /** Draws whether a fault happens that is no `FaultKind`. The caller makes it, and counts it with `count`. */
  strike(): boolean;
  count(boundary: string, kind: string): void;
  /** How often each kind was injected, as `boundary: kind`. */
  readonly injected: ReadonlyMap<string, number>;
}

/** Draws faults of these kinds. `rate`: the part of all operations that fail, from 0 to 1. */
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
