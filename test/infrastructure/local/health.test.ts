import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { signature } from "../../../handlers/receive/signature.ts";
import { healthReport } from "../../../infrastructure/local/health-report.ts";
import { senderClock } from "../../../infrastructure/local/sender-clock.ts";
import { aTranscription } from "../../support/fixtures/events.ts";
import { aRunningArchive, newFolder, post, SECRET } from "../../support/fixtures/local.ts";

const NOW = new Date("2026-11-20T10:05:00Z");
const MINUTE = 60_000;
const later = (minutes: number) => new Date(NOW.getTime() + minutes * MINUTE);

test("reports in short sentences why it is degraded", () => {
  const well = { pending: 3, failed: 0, waiting: 1, quarantined: 0, clock: undefined, recovery: undefined };
  expect(healthReport(well)).toEqual({ status: "ok", pending: 3, failed: 0, waiting: 1 });
  expect(healthReport({ ...well, failed: 2, quarantined: 1, clock: "the clock is off: set it" })).toEqual({
    status: "degraded",
    pending: 3,
    failed: 2,
    waiting: 1,
    reason:
      "1 delivery is quarantined: npm run redrive lists them with reasons; " +
      "2 objects are in the dead letters: npm run redrive lists them with reasons; the clock is off: set it",
  });
});

test("is degraded while a delivery is quarantined, and ok seconds after it was removed", async () => {
  const folder = await newFolder();
  const { url } = await aRunningArchive(folder);
  const health = async () => (await fetch(`${url}/health`)).json();
  expect(await health()).toMatchObject({ status: "ok" });
  const old = signature(aTranscription(), SECRET, new Date(Date.now() - 3 * 60 * MINUTE));
  await post(url, aTranscription(), { "elevenlabs-signature": old });
  await expect.poll(health).toMatchObject({
    status: "degraded",
    reason: "1 delivery is quarantined: npm run redrive lists them with reasons",
  });
  await rm(join(folder, "archive/_quarantine/post_call_transcription/conv_1.json"));
  await expect.poll(health).toMatchObject({ status: "ok" });
});

test("reports that its clock is ahead after several deliveries show it", async () => {
  const { url } = await aRunningArchive(await newFolder(), {}, () => new Date(Date.now() + 12 * MINUTE));
  const health = async () => (await fetch(`${url}/health`)).json();
  for (const n of [1, 2, 3]) {
    expect(await health()).toMatchObject({ status: "ok" });
    await post(url, aTranscription({ conversation_id: `conv_${n}` }));
  }
  expect(await health()).toMatchObject({
    status: "degraded",
    reason: "the clock of this machine is 12 min ahead of the sender's: set it",
  });
});

/** A clock with recorded deliveries: minutes after NOW, and how many minutes ahead of the sender's clock it was. */
function aClock(...seen: readonly (readonly [minute: number, aheadMinutes: number])[]) {
  const clock = senderClock();
  for (const [minute, ahead] of seen) clock.seen([later(minute - ahead)], later(minute));
  return clock;
}

test("reports how far its clock is off, and in which direction", () => {
  expect(aClock([0, -40], [1, -40], [2, -40.5]).problem(later(3))).toMatch(/is 40 min behind the sender's/);
  expect(aClock([0, 180], [1, 180], [2, 180]).problem(later(3))).toMatch(/is 3 h ahead of the sender's/);
  expect(aClock([0, 9000], [1, 9000], [2, 9000]).problem(later(3))).toMatch(/is 6 days ahead of the sender's/);
});

test.each<[string, ReturnType<typeof aClock>]>([
  ["two deliveries", aClock([0, 12], [1, 12])],
  ["a single delivery that is late", aClock([0, 600])],
  ["five minutes", aClock([0, 5], [1, 5], [2, 5])],
  ["retried deliveries, each later than the one before", aClock([0, 8], [1, 10.5], [2, 40])],
  ["differences in both directions", aClock([0, 12], [1, -12], [2, 12])],
  ["a delivery in time within the hour before", aClock([0, 0], [50, 12], [51, 12], [52, 12])],
  ["a delivery in time after them", aClock([0, 12], [1, 12], [2, 12], [2.5, 0.1])],
  ["deliveries more than an hour ago", aClock([-61, 12], [-60, 12], [-59, 12])],
])("reports no clock problem for %s", (_, clock) => {
  expect(clock.problem(later(3))).toBeUndefined();
});

test("uses the nearest of several times in a signature header", () => {
  const clock = senderClock();
  for (const n of [0, 1, 2]) clock.seen([later(n - 600), later(n)], later(n));
  expect(clock.problem(later(3))).toBeUndefined();
});
