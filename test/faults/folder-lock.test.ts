import { expect, test, vi } from "vitest";
import { newFolder } from "../support/fixtures/local.ts";
import { aTaker, type Taker } from "../support/fixtures/lock-takers.ts";

/** The number of rounds: `LOCK_ROUNDS=100 npx vitest run --project local test/faults/folder-lock`. */
const ROUNDS = Number(process.env["LOCK_ROUNDS"] ?? 4);

/** Each is a process. A short run starts fewer. */
const TAKERS = process.env["LOCK_ROUNDS"] ? 10 : 6;

vi.setConfig({ testTimeout: 60_000 + ROUNDS * 3_000 });

test(`when ${TAKERS} processes take the lock of a killed process at the same moment, one gets it`, async () => {
  const folder = await newFolder();
  let takers = await Promise.all(Array.from({ length: TAKERS }, () => aTaker(folder)));
  let holder = await aTaker(folder);
  expect(await holder.take()).toEqual({});
  const holders: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await holder.kill();
    const at = Date.now() + 20;
    const attempts = await Promise.all(takers.map(async (taker) => ({ taker, ...(await taker.take(at)) })));
    const winners = attempts.filter(({ refused }) => refused === undefined).map(({ taker }) => taker);
    holders.push(winners.length);
    [holder, takers] = await nextRound(folder, holder, winners, takers);
  }
  expect(holders).toEqual(Array.from({ length: ROUNDS }, () => 1));
});

/** Makes the first winner the holder, ends any other winner, and starts a new process for each of them. */
async function nextRound(folder: string, last: Taker, winners: readonly Taker[], takers: readonly Taker[]) {
  const [holder = last, ...more] = winners;
  for (const winner of more) await winner.kill();
  const fresh = await Promise.all(winners.map(() => aTaker(folder)));
  const next: [Taker, Taker[]] = [holder, [...takers.filter((taker) => !winners.includes(taker)), ...fresh]];
  return next;
}
