import { expect, test } from "vitest";
import { IS_LONG } from "./fault-runs.ts";
import { violations } from "./invariants.ts";
import { SCENARIOS, type Scenario, tryToProcess, worldOf } from "./scenarios.ts";
import type { SmallWorld, Watch } from "./small-world.ts";

/** The distance between the second crashes that a short run tries. The first of them depends on the first crash. */
const STRIDE = IS_LONG ? 1 : 53;

/** The distance between the effects that a short run tries if there is one fault. The first depends on the scenario. */
const STEP = IS_LONG ? 1 : 4;

/** Longer than any lease. */
const LATER_MS = 600_000;

/**
 * Runs a scenario with processors that crash, one after the other, and then with one that does not. `crashes`: the
 * number of effects before each crash. Counts the effects of the last processor.
 */
async function play(scenario: Scenario, crashes: readonly number[]): Promise<{ world: SmallWorld; effects: number }> {
  const world = worldOf(scenario);
  const left = crashes.map(crashAfter);
  let effects = 0;
  const counting: Watch = {
    afterEffect() {
      effects += 1;
    },
  };
  for (const step of scenario.steps) {
    const key = await step(world);
    await tryToProcess(world, () => {
      if (left[0]?.hasCrashed()) left.shift();
      return world.process(key, left[0] ?? counting);
    });
  }
  return { world, effects };
}

/** Kills a processor before it has more than `effects` effects, in total over all objects that it processes. */
function crashAfter(effects: number): Watch & { readonly hasCrashed: () => boolean } {
  let left = effects;
  let hasCrashed = false;
  const throwIfCrashed = () => {
    if (hasCrashed) throw new Error("killed");
  };
  return {
    beforeEffect() {
      hasCrashed ||= left === 0;
      throwIfCrashed();
      left -= 1;
    },
    beforeRead: throwIfCrashed,
    hasCrashed: () => hasCrashed,
  };
}

test.each(SCENARIOS)(
  "$name: killed once or twice after any effect, each object is complete once in the end",
  async (scenario) => {
    const { world, effects } = await play(scenario, []);
    expect(await violations(world.state)).toEqual([]);
    expect(effects).toBeGreaterThan(3);
    for (let first = 0; first <= effects; first += 1) {
      const once = await play(scenario, [first]);
      expect(await violations(once.world.state), `killed after ${first}`).toEqual([]);
      for (let second = (STRIDE - (first % STRIDE)) % STRIDE; second <= once.effects; second += STRIDE) {
        const twice = await play(scenario, [first, second]);
        expect(await violations(twice.world.state), `killed after ${first} and ${second}`).toEqual([]);
      }
    }
  },
);

test.each(SCENARIOS)("$name: an effect whose answer is lost has its result once", async (scenario) => {
  const { effects } = await play(scenario, []);
  for (let lost = SCENARIOS.indexOf(scenario) % STEP; lost < effects; lost += STEP) {
    const world = worldOf(scenario);
    let seen = 0;
    const afterEffect = () => {
      seen += 1;
      if (seen === lost + 1) throw new Error("the answer was lost");
    };
    for (const step of scenario.steps) {
      const key = await step(world);
      await tryToProcess(world, () => world.process(key, { afterEffect }));
    }
    expect(await violations(world.state), `the answer to ${lost} was lost`).toEqual([]);
  }
});

test.each(SCENARIOS)(
  "$name: killed after any effect and retried after all other events, each object is complete once",
  async (scenario) => {
    const { effects } = await play(scenario, []);
    for (let killed = SCENARIOS.indexOf(scenario) % STEP; killed < effects; killed += STEP) {
      const world = worldOf(scenario);
      const watch = crashAfter(killed);
      const keys: string[] = [];
      for (const step of scenario.steps) {
        const key = await step(world);
        keys.push(key);
        await world.process(key, watch.hasCrashed() ? {} : watch).catch(() => world.pass(LATER_MS));
      }
      for (const key of keys) await tryToProcess(world, () => world.process(key));
      expect(await violations(world.state), `killed after ${killed}`).toEqual([]);
    }
  },
);
