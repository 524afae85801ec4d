import { expect, test } from "vitest";
import { IS_LONG } from "./fault-runs.ts";
import { violations } from "./invariants.ts";
import { SCENARIOS, type Scenario, tryToProcess, worldOf } from "./scenarios.ts";

const HOURS_MS = 5 * 3_600_000;

/** Of all pairs of effects, the usual run takes some; which, depends on the first. */
const STRIDE = IS_LONG ? 1 : 13;

/** Of the effects at which a processor stops, the usual run takes every fourth; which, depends on the objects. */
const PAUSES = IS_LONG ? 1 : 4;

/** Which step's object each of two processors works on. */
interface Pair {
  readonly first: number;
  readonly other: number;
}

/**
 * Has one processor stop before its effect number `pause`, another one run to its end meanwhile, and the first go on.
 * Both come back as the queue has them come back. Answers how many effects the first one had.
 */
async function interleaved(scenario: Scenario, { first, other }: Pair, pause: number, pausedMs: number) {
  const world = worldOf(scenario);
  const keys: string[] = [];
  for (const [index, step] of scenario.steps.entries()) {
    const key = await step(world);
    keys.push(key);
    if (index !== first && index !== other) await tryToProcess(world, () => world.process(key));
  }
  const run = (index: number, watch = {}) => tryToProcess(world, () => world.process(keys[index] ?? "", watch));
  let effects = 0;
  let isOver = false;
  await run(first, {
    async beforeEffect() {
      effects += 1;
      if (isOver || effects !== pause) return;
      isOver = true;
      world.pass(pausedMs);
      await world.process(keys[other] ?? "").catch(() => {});
    },
  });
  await run(other);
  return { effects, found: await violations(world.kept) };
}

async function interleavedEverywhere(scenario: Scenario, pausedMs: number) {
  for (const [n, pair] of pairsOf(scenario).entries()) {
    const { effects } = await interleaved(scenario, pair, 0, 0);
    for (let pause = 1 + (n % PAUSES); pause <= effects; pause += PAUSES) {
      const { found } = await interleaved(scenario, pair, pause, pausedMs);
      expect(found, `${pair.first} paused before effect ${pause} for ${pair.other}`).toEqual([]);
    }
  }
}

/**
 * Has one processor stop before an effect until its lease has run out, another one take over and stop before one of its
 * own, the first go on to its end, and then the other. Answers how many effects each of them had.
 */
async function overtaken(scenario: Scenario, pause: number, otherPause: number) {
  const world = worldOf(scenario);
  const keys: string[] = [];
  for (const [index, step] of scenario.steps.entries()) {
    const key = await step(world);
    keys.push(key);
    if (index < scenario.steps.length - 1) await tryToProcess(world, () => world.process(key));
  }
  const key = keys.at(-1) ?? "";
  const [firstEnds, otherStops] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const effects = { first: 0, other: 0 };
  let other: Promise<unknown> = Promise.resolve();
  await world
    .process(key, {
      async beforeEffect() {
        effects.first += 1;
        if (effects.first !== pause) return;
        world.pass(HOURS_MS);
        other = world
          .process(key, {
            async beforeEffect() {
              effects.other += 1;
              if (effects.other !== otherPause) return;
              otherStops.resolve();
              await firstEnds.promise;
            },
          })
          .catch(() => {});
        await Promise.race([otherStops.promise, other]);
      },
    })
    .catch(() => {});
  firstEnds.resolve();
  await other;
  for (const each of keys.toReversed()) await tryToProcess(world, () => world.process(each));
  return { effects, found: await violations(world.kept) };
}

/** Two on the last object, and each two of all. */
function pairsOf({ steps }: Scenario): Pair[] {
  const last = steps.length - 1;
  const two = steps.flatMap((_, first) => steps.map((_, other) => ({ first, other })));
  return two.filter(({ first, other }) => first !== other || first === last);
}

test.each(SCENARIOS)("$name: one processor stops at any effect, and another finds its lease", (scenario) =>
  interleavedEverywhere(scenario, 0),
);

test.each(SCENARIOS)(
  "$name: one processor stops until its lease has run out, another takes over, and the first goes on",
  (scenario) => interleavedEverywhere(scenario, HOURS_MS),
);

test.each(SCENARIOS)(
  "$name: one processor ends at any effect of the one that took its lease over",
  async (scenario) => {
    const { first } = (await overtaken(scenario, 0, 0)).effects;
    const { other } = (await overtaken(scenario, 1, 0)).effects;
    expect(Math.min(first, other)).toBeGreaterThan(2);
    for (let pause = 2; pause <= first; pause += 1) {
      for (let otherPause = 1 + (pause % STRIDE); otherPause <= other; otherPause += STRIDE) {
        const { found } = await overtaken(scenario, pause, otherPause);
        expect(found, `one paused before ${pause}, the other before ${otherPause}`).toEqual([]);
      }
    }
  },
);
