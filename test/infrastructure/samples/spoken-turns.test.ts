import { expect, test } from "vitest";
import { seededRandom } from "../../../infrastructure/samples/random.ts";
import { agent, type ScenarioStep, tool, user } from "../../../infrastructure/samples/scenario.ts";
import { openingHours } from "../../../infrastructure/samples/scenarios-quick.ts";
import { spokenTurns } from "../../../infrastructure/samples/spoken-turns.ts";
import { timeline } from "../../../infrastructure/samples/timeline.ts";
import { speech } from "../../../infrastructure/samples/voice/speech.ts";

const FRAMES_A_SECOND = 44_100 / 1152;

const step = (what: ScenarioStep, startsAt: number, endsAt: number) => ({ step: what, startsAt, endsAt });
const turnsOf = (durationSecs: number, ...moments: ReturnType<typeof step>[]) =>
  spokenTurns({ timeline: { moments, durationSecs }, details: { name: "Ada" } }).map(
    ({ speaker, text, fromSecs, toSecs }) => [speaker, text, fromSecs, toSecs],
  );

test("a turn begins in the second of its transcript, and ends after its letters", () => {
  expect(
    turnsOf(
      20,
      step(agent("fifteen letters"), 0, 0.7),
      step(user("ten {name}..."), 4.9, 6),
      step(tool("find_order", {}, {}, 3), 6, 9),
      step(agent("fifteen letters"), 9.9, 11),
    ),
  ).toEqual([
    ["agent", "fifteen letters", 0, 1],
    ["user", "ten Ada...", 4, 5],
    ["agent", "fifteen letters", 9, 10],
  ]);
});

test("a turn of the second in which the turn before ends begins after it", () => {
  expect(turnsOf(9, step(agent("hello"), 0, 3.5), step(user("hello"), 3.8, 4)).map(([, , from]) => from)).toEqual([
    0, 3.5,
  ]);
});

test("a turn ends when the next one begins, or the call ends", () => {
  const long = "a".repeat(100);
  expect(turnsOf(4, step(user(long), 0, 2), step(agent(long), 2.5, 4)).map(([, , , to]) => to)).toEqual([2, 4]);
});

test("an interrupted turn has only the words that were heard", () => {
  const turns = turnsOf(9, step(agent("May I have your name, please?", { heard: "May I have" }), 0, 1));
  expect(turns).toEqual([["agent", "May I have", 0, 10 / 15]]);
});

test("dots are silent, and two turns are never in one frame", () => {
  const turns = spokenTurns({
    timeline: timeline(openingHours, seededRandom(3)),
    details: { shop: "Mill Yard" },
  });
  expect(turns).toHaveLength(4);
  const places = turns.map((turn) => [...speech([turn]).keys()]);
  expect(speech(turns).size).toBe(places.flat().length);
  for (const [index, { fromSecs, toSecs }] of turns.entries()) {
    expect(Math.min(...(places[index] ?? [])) / FRAMES_A_SECOND).toBeGreaterThan(fromSecs - 0.03);
    expect(Math.max(...(places[index] ?? [])) / FRAMES_A_SECOND).toBeLessThan(toSecs + 0.03);
  }
  expect(speech([{ speaker: "user", text: "...", fromSecs: 1, toSecs: 2 }]).size).toBe(0);
});
