import { expect, test } from "vitest";
import { IS_LONG } from "./fault-runs.ts";
import { violations } from "./invariants.ts";
import { SCENARIOS, type Scenario, tryToProcess, worldOf } from "./scenarios.ts";
import type { SmallWorld, Watch } from "./small-world.ts";

/** Of all pairs, the usual run takes some; which, depends on the first crash. */
const STRIDE = IS_LONG ? 1 : 61;

/** By then every lease has run out. */
const LATER_MS = 600_000;

/** Goes through a scenario with processors that die one after the other, each after so many effects, then an undisturbed one. */
async function play(scenario: Scenario, lives: readonly number[]): Promise<{ world: SmallWorld; effects: number }> {
  const world = worldOf(scenario);
  const left = lives.map(mortal);
  let effects = 0;
  const counting: Watch = {
    afterEffect() {
      effects += 1;
    },
  };
  for (const step of scenario.steps) {
    const key = await step(world);
    await tryToProcess(world, () => {
      if (left[0]?.isDead()) left.shift();
      return world.process(key, left[0] ?? counting);
    });
  }
  return { world, effects };
}

/** A processor that is killed before it has more than so many effects, over all that it processes. */
function mortal(effects: number): Watch & { readonly isDead: () => boolean } {
  let left = effects;
  let isDead = false;
  const killed = () => {
    if (isDead) throw new Error("killed");
  };
  return {
    beforeEffect() {
      isDead ||= left === 0;
      killed();
      left -= 1;
    },
    beforeRead: killed,
    isDead: () => isDead,
  };
}

test.each(SCENARIOS)(
  "$name: killed after any effect, once or twice, it is all there in the end, once",
  async (scenario) => {
    const { world, effects } = await play(scenario, []);
    expect(await violations(world.kept)).toEqual([]);
    expect(effects).toBeGreaterThan(3);
    for (let first = 0; first <= effects; first += 1) {
      const once = await play(scenario, [first]);
      expect(await violations(once.world.kept), `killed after ${first}`).toEqual([]);
      for (let second = first % STRIDE; second <= once.effects; second += STRIDE) {
        const twice = await play(scenario, [first, second]);
        expect(await violations(twice.world.kept), `killed after ${first} and ${second}`).toEqual([]);
      }
    }
  },
);

test.each(SCENARIOS)("$name: an effect that is done and said to have failed is done once", async (scenario) => {
  const { effects } = await play(scenario, []);
  for (let lost = 0; lost < effects; lost += 1) {
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
    expect(await violations(world.kept), `the answer to ${lost} was lost`).toEqual([]);
  }
});

test.each(SCENARIOS)(
  "$name: killed after any effect, and tried again only when everything else has come",
  async (scenario) => {
    const { effects } = await play(scenario, []);
    for (let killed = 0; killed < effects; killed += 1) {
      const world = worldOf(scenario);
      const life = mortal(killed);
      const keys: string[] = [];
      for (const step of scenario.steps) {
        const key = await step(world);
        keys.push(key);
        await world.process(key, life.isDead() ? {} : life).catch(() => world.pass(LATER_MS));
      }
      for (const key of keys) await tryToProcess(world, () => world.process(key));
      expect(await violations(world.kept), `killed after ${killed}`).toEqual([]);
    }
  },
);
