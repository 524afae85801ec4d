import { describe, expect, test } from "vitest";
import { at, list, number, text } from "../../../handlers/call/json.ts";
import { decodedMp3, loudness, part, pitch, type Sound } from "./decoded-mp3.ts";
import { ANSWERED, SHOWCASE } from "./sample-week.ts";

/** As in `queries/silences.sql`. */
const LETTERS_PER_SECOND = { agent: 15, user: 10 };

interface Turn {
  readonly role: "agent" | "user";
  /** The second in which the words begin. */
  readonly fromSecs: number;
  /** The latest end of the words. They begin up to a second after `fromSecs`. */
  readonly toSecs: number;
}

const RECORDED = ANSWERED.flatMap(({ call: { mp3, shows }, data }) => {
  const duration = number(at(data, "metadata", "call_duration_secs")) ?? Number.NaN;
  return mp3 ? [{ mp3, shows, duration, turns: turnsWithWords(data) }] : [];
});

/** The recordings of the showcase, and the first one in which the caller is silent. */
const CHECKED = [
  ...RECORDED.slice(0, SHOWCASE.filter(({ mp3 }) => mp3).length),
  ...RECORDED.filter(({ shows }) => shows.includes("No answer from the caller")).slice(0, 1),
];

describe.each(CHECKED)("the recording of the call “$shows”", async ({ mp3, duration, turns }) => {
  const sound = await decodedMp3(mp3);
  const alone = turnsAlone(turns);

  test("is as long as the call", () => {
    expect(Math.abs(sound.samples.length / sound.hertz - duration)).toBeLessThan(0.1);
  });

  test("is loud during each turn, and silent where the transcript has no words", () => {
    expect(alone.length).toBeGreaterThan(0);
    for (const { fromSecs, toSecs } of alone) expect(loudness(part(sound, fromSecs, toSecs))).toBeGreaterThan(0.05);
    for (const secs of silentTenths(turns, duration))
      expect(loudness(part(sound, secs, secs + 0.1))).toBeLessThan(1e-4);
  });

  test("has a voice of about 190 Hz for the agent, and of about 110 Hz for the caller", () => {
    for (const [role, hertz] of [["agent", 190] as const, ["user", 110] as const]) {
      const pitches = alone.filter((turn) => turn.role === role).flatMap((turn) => pitchesIn(sound, turn));
      if (pitches.length > 0) expect(Math.abs(median(pitches) / hertz - 1)).toBeLessThan(0.12);
    }
  });
});

test("voices of both roles, long silences, and a caller who is silent are measured", () => {
  const roles = CHECKED.map(({ turns }) => new Set(turnsAlone(turns).map(({ role }) => role)));
  expect(roles.filter((each) => each.size === 2).length).toBeGreaterThan(5);
  const silent = CHECKED.flatMap(({ turns, duration }) => silentTenths(turns, duration));
  expect(silent.length).toBeGreaterThan(150);
  expect(CHECKED.at(-1)?.turns.map(({ role }) => role)).toEqual(["agent", "agent"]);
});

/** The entries with words, from the transcript alone. */
function turnsWithWords(data: unknown): Turn[] {
  const turns = list(at(data, "transcript")).filter((turn) => /\p{L}/u.test(text(at(turn, "message")) ?? ""));
  return turns.map((turn) => {
    const role = at(turn, "role") === "agent" ? "agent" : "user";
    const fromSecs = number(at(turn, "time_in_call_secs")) ?? Number.NaN;
    const letters = text(at(turn, "message"))?.length ?? 0;
    return { role, fromSecs, toSecs: fromSecs + 1 + letters / LETTERS_PER_SECOND[role] };
  });
}

/** The parts of turns in which no other turn is audible, if they are long enough to measure. */
function turnsAlone(turns: readonly Turn[]): Turn[] {
  return turns
    .map(({ role, fromSecs, toSecs }, index) => ({
      role,
      fromSecs: fromSecs + 1,
      toSecs: Math.min(toSecs - 1, turns[index + 1]?.fromSecs ?? Number.POSITIVE_INFINITY),
    }))
    .filter(({ fromSecs, toSecs }) => toSecs - fromSecs >= 0.8);
}

/** The tenths of a second in which certainly no turn is audible, by their begin in seconds. */
function silentTenths(turns: readonly Turn[], duration: number): number[] {
  // A decoder plays the end of a sound in up to two more frames.
  const isSpoken = (secs: number) => turns.some((turn) => turn.fromSecs - 0.1 < secs && secs < turn.toSecs + 0.06);
  return Array.from({ length: 10 * duration }, (_, tenth) => tenth / 10).filter((secs) => !isSpoken(secs));
}

/** The pitch in the first loud twentieths of a second of a turn. */
function pitchesIn(sound: Sound, { fromSecs, toSecs }: Turn): number[] {
  const windows = Array.from({ length: Math.floor(20 * (toSecs - fromSecs)) }, (_, place) => fromSecs + place / 20);
  return windows
    .map((from) => part(sound, from, from + 0.05))
    .filter((samples) => loudness(samples) > 0.12)
    .slice(0, 8)
    .map((samples) => pitch(samples, sound.hertz));
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
