import type { FaultyWorld } from "./faulty-world.ts";
import type { Violation } from "./invariants.ts";

/** Counts over several worlds: events, faults and violations. */
export interface RunReport {
  /** Adds a world after its run, with its violations. */
  add(world: FaultyWorld, found: readonly Violation[]): void;
  /** The counts as text, one per line. */
  text(): string;
}

/** Creates an empty report. */
export function runReport(): RunReport {
  const totals = new Map<string, number>();
  const injected = new Map<string, number>();
  const plus = (counts: Map<string, number>, name: string, count: number) =>
    counts.set(name, (counts.get(name) ?? 0) + count);

  return {
    add({ state, queue, outside: { faults }, webhooks }, found) {
      for (const [name, count] of faults.injected) plus(injected, name, count);
      const counts = {
        worlds: 1,
        calls: state.callers.size,
        webhooks,
        "answered 200": state.answered.length,
        "messages of S3": queue.counts.messages,
        "of them delivered again": queue.counts.retries,
        "dead letters": queue.counts.deadLetters,
        "faults injected": [...faults.injected.values()].reduce((sum, count) => sum + count, 0),
        ...Object.fromEntries(KINDS.map((kind) => [kind, found.filter((each) => each.startsWith(kind)).length])),
      };
      for (const [name, count] of Object.entries(counts)) plus(totals, name, count);
    },
    text: () =>
      [...totals, ...[...injected].sort()].map(([name, count]) => `${`${count}`.padStart(8)} ${name}`).join("\n"),
  };
}

const KINDS = ["lost", "doubled", "misfiled", "left over", "leaked"];
