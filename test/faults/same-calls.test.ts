import { expect, test } from "vitest";
import { seededRandom } from "../../infrastructure/samples/random.ts";
import { bodiesOf, callsOf, postAll, shuffled } from "../support/fixtures/load.ts";
import { aRunningArchive, newFolder, outputs } from "../support/fixtures/local.ts";
import { IS_LONG } from "./fault-runs.ts";

/** Each is posted four times. */
const CALLS = IS_LONG ? 200 : 15;

/** The time of both archives, because rows contain the times of receiving and storing. */
const NOW = new Date();

test(`${CALLS} calls posted once, or three times in random order, leave the same tree, rows and memories`, async () => {
  const bodies = bodiesOf(callsOf(CALLS));
  const seed = Date.now();
  const random = seededRandom(seed);
  const often = shuffled([...bodies, ...bodies, ...bodies], () => random.between(0, 1));

  const once = await outcome(bodies);
  const thrice = await outcome(often);

  expect(thrice, `order drawn with seed ${seed}`).toEqual(once);
  expect(once.length).toBeGreaterThan(CALLS * 5);
});

/** Everything that a new archive makes of `bodies`. */
async function outcome(bodies: readonly string[]): Promise<string[]> {
  const folder = await newFolder();
  const archive = await aRunningArchive(folder, {}, () => NOW);
  expect(await postAll(archive.url, bodies)).toEqual([]);
  await archive.queue.idle();
  expect(archive.failed()).toBe(0);
  return outputs(folder);
}
