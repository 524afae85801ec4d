import { expect, test } from "vitest";
import { seededRandom } from "../../infrastructure/samples/random.ts";
import { worldsOf } from "./fault-runs.ts";
import { faultyWorld } from "./faulty-world.ts";
import { violations } from "./invariants.ts";

const HOURS_MS = 5 * 3_600_000;

/** The clock of every third invocation is wrong by hours, forwards or back. */
function jumping(seed: number): () => number {
  const random = seededRandom(seed, 2_000_001);
  return () => (random.chance(0.3) ? random.between(-HOURS_MS, HOURS_MS) : 0);
}

// A clock that runs ahead takes a lease from a processor that is at work. That one is refused when it puts its end on
// record, and then all of its object is done again: nothing is wrong for longer than that. None dies here.
test.each(worldsOf(40))(
  "processors whose clocks jump take leases from each other, and all is there in the end, once (seed $seed)",
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
    expect(world.kept.lines.filter((line) => line.includes("changed by another writer")).length).toBeGreaterThan(0);
    expect(await violations(world.kept), `seed ${seed}`).toEqual([]);
  },
);

// One that lost its lease and dies before it could say so has perhaps written last. Who took over said so for it, and its
// message comes again.
test.each(worldsOf(20))(
  "where clocks jump and everything else fails, too, all is there in the end, once (seed $seed)",
  async ({ seed, calls }) => {
    const world = await faultyWorld({ seed, calls, faultRate: 0.05, skewMs: jumping(seed) });
    await world.run();
    expect(await violations(world.kept), `seed ${seed}`).toEqual([]);
  },
);
