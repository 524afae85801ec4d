import { expect, test } from "vitest";
import { seededRandom } from "../../infrastructure/samples/random.ts";
import { worldsOf } from "./fault-runs.ts";
import { faultyWorld } from "./faulty-world.ts";
import { violations } from "./invariants.ts";

const HOURS_MS = 5 * 3_600_000;

/** The errors of the clock: about three of ten invocations are wrong by up to five hours, forwards or back. */
function jumping(seed: number): () => number {
  const random = seededRandom(seed, 2_000_001);
  return () => (random.chance(0.3) ? random.between(-HOURS_MS, HOURS_MS) : 0);
}

// A processor whose clock is ahead takes the lease of a processor that still works. The put of the other one's result
// is refused, and its object is processed again. No process crashes here.
test.each(worldsOf(40))(
  "processors with wrong clocks take leases from each other, and each call is complete once in the end (seed $seed)",
  async ({ seed, calls }) => {
    const world = await faultyWorld({
      seed,
      calls,
      faultRate: 0.2,
      faultKinds: ["done late", "answered late"],
      processorLimitMs: HOURS_MS / 10,
      skewMs: jumping(seed),
    });
    await world.run();
    expect(world.state.lines.filter((line) => line.includes("changed by another writer")).length).toBeGreaterThan(0);
    expect(await violations(world.state), `seed ${seed}`).toEqual([]);
  },
);

// A processor that lost its lease may write last and crash before it records that. The processor that took over
// recorded it, and the message comes again.
test.each(worldsOf(20))(
  "with wrong clocks and all other faults, each call is complete once in the end (seed $seed)",
  async ({ seed, calls }) => {
    const world = await faultyWorld({ seed, calls, faultRate: 0.05, skewMs: jumping(seed) });
    await world.run();
    expect(await violations(world.state), `seed ${seed}`).toEqual([]);
  },
);
