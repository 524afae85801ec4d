import { expect, test } from "vitest";
import { worldsOf } from "./fault-runs.ts";
import { faultyWorld } from "./faulty-world.ts";
import { type Kept, violations } from "./invariants.ts";

test.each(worldsOf(10))(
  "everything uploaded again, three times over and in any order, changes no row, recording or memory (seed $seed)",
  async ({ seed, calls }) => {
    const world = await faultyWorld({ seed, calls, faultRate: 0.05 });
    await world.run();
    const before = derived(world.kept);
    for (let round = 1; round <= 3; round += 1) {
      await world.replay();
      expect(derived(world.kept), `seed ${seed}, round ${round}`).toEqual(before);
    }
    expect(await violations(world.kept), `seed ${seed}`).toEqual([]);
  },
);

/** All that is made from what was received, to compare: keys with what names their bytes, and memories. */
function derived({ bucket, analytics, memories }: Kept) {
  const made = [...bucket.objects, ...analytics.objects].filter(([key]) => /^live\/|\.mp3$/.test(key));
  return {
    objects: made.map(([key, { etag }]) => `${key} ${etag}`).sort(),
    memories: memories()
      .map(({ user_id, messages, metadata }) => JSON.stringify([user_id, messages, metadata]))
      .sort(),
  };
}
