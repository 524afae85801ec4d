import { join } from "node:path";
import { expect, test } from "vitest";
import { seededRandom } from "../../../infrastructure/local/samples/random.ts";
import { bodiesOf, callsOf, postAll, shuffled } from "../../fixtures/load.ts";
import { aRunningArchive, newFolder, tree } from "../../fixtures/local.ts";

/** The same for both archives: when something was received and stored is in the rows. */
const NOW = new Date();

test("200 calls posted once, or three times in random order, leave the same tree, rows and memories", async () => {
  const bodies = bodiesOf(callsOf(200));
  const seed = Date.now();
  const random = seededRandom(seed);
  const often = shuffled([...bodies, ...bodies, ...bodies], () => random.between(0, 1));

  const once = await outcome(bodies);
  const thrice = await outcome(often);

  expect(thrice, `order drawn with seed ${seed}`).toEqual(once);
  expect(once.length).toBeGreaterThan(200 * 5);
}, 90_000);

/** Every file that a person or a query may read, with its hash. What the archive notes for itself is left out. */
async function outcome(bodies: readonly string[]): Promise<string[]> {
  const folder = await newFolder();
  const archive = await aRunningArchive(folder, {}, () => NOW);
  expect(await postAll(archive.url, bodies)).toEqual([]);
  await archive.queue.idle();
  expect(archive.failed()).toBe(0);
  const trees = await Promise.all(["archive", "analytics", "memories"].map((name) => tree(join(folder, name))));
  return trees.flat().filter((line) => !line.startsWith("_index/"));
}
