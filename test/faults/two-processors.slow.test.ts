import { expect, test } from "vitest";
import { IS_LONG } from "./fault-runs.ts";
import { violations } from "./invariants.ts";
import { SCENARIOS, type Scenario, tryToProcess, worldOf } from "./scenarios.ts";

const HOURS_MS = 5 * 3_600_000;

/** The distance between the pauses of the other processor in a short run. Their start depends on the first pause. */
const STRIDE = IS_LONG ? 1 : 23;

/** The distance between the pauses of a processor in a short run. Their start depends on the pair of objects. */
const PAUSES = IS_LONG ? 1 : 7;

/** The steps whose objects two processors work on. */
interface Pair {
  readonly first: number;
  readonly other: number;
}

/**
 * Pauses one processor before its effect number `pause`, runs another one to its end, and then continues the first.
 * Both are retried as by the queue. Returns the number of effects of the first one.
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
  return { effects, found: await violations(world.state) };
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
 * Pauses one processor before an effect until its lease has run out. Another one takes over and pauses before one of
 * its effects. Then the first runs to its end, and after it the other. Returns the number of effects of each.
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
  return { effects, found: await violations(world.state) };
}

/** Every pair of different steps, and two processors on the last object. */
function pairsOf({ steps }: Scenario): Pair[] {
  const last = steps.length - 1;
  const two = steps.flatMap((_, first) => steps.map((_, other) => ({ first, other })));
  return two.filter(({ first, other }) => first !== other || first === last);
}

test.each(SCENARIOS)("$name: one processor pauses at any effect, and another finds its lease", (scenario) =>
  interleavedEverywhere(scenario, 0),
);

test.each(SCENARIOS)(
  "$name: one processor pauses until its lease has run out, another takes over, and the first continues",
  (scenario) => interleavedEverywhere(scenario, HOURS_MS),
);

test.each(SCENARIOS)(
  "$name: one processor ends at any effect of the processor that took over its lease",
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
