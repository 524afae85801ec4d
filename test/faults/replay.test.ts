import { expect, test } from "vitest";
import { worldsOf } from "./fault-runs.ts";
import { faultyWorld } from "./faulty-world.ts";
import { violations, type WorldState } from "./invariants.ts";

test.each(worldsOf(10))(
  "three re-puts of every object, in any order, change no row, recording or memory (seed $seed)",
  async ({ seed, calls }) => {
    const world = await faultyWorld({ seed, calls, faultRate: 0.05 });
    await world.run();
    const before = derived(world.state);
    for (let round = 1; round <= 3; round += 1) {
      await world.replay();
      expect(derived(world.state), `seed ${seed}, round ${round}`).toEqual(before);
    }
    expect(await violations(world.state), `seed ${seed}`).toEqual([]);
  },
);

/** Everything derived from deliveries, to compare: keys with etags, and memories. */
function derived({ bucket, analytics, memories }: WorldState) {
  const made = [...bucket.objects, ...analytics.objects].filter(([key]) => /^live\/|\.mp3$/.test(key));
  return {
    objects: made.map(([key, { etag }]) => `${key} ${etag}`).sort(),
    memories: memories()
      .map(({ user_id, messages, metadata }) => JSON.stringify([user_id, messages, metadata]))
      .sort(),
  };
}
