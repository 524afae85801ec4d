import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { mp3File } from "../../../../infrastructure/samples/mp3-file.ts";
import { soundSamples } from "../../../../infrastructure/samples/voice/formant-synthesis.ts";
import { framesOf, quieter } from "../../../../infrastructure/samples/voice/sound-bank.ts";
import { soundBankText } from "../../../../infrastructure/samples/voice/sound-bank-text.ts";
import { SOUNDS, SPEAKERS } from "../../../../infrastructure/samples/voice/sounds.ts";
import { decodedMp3, likeness, loudness, part, pitch } from "../decoded-mp3.ts";

const BANK = new URL("../../../../infrastructure/samples/voice/sound-bank.json", import.meta.url);
const FRAME_SECS = 1152 / 44_100;

test("the committed bank has the bytes that `npm run voices` writes", async () => {
  const committed = await readFile(BANK, "utf8");
  // Not compared by expect: a difference of 130 kB is slow to print.
  expect(soundBankText() === committed, "run `npm run voices`").toBe(true);
  expect(committed.length).toBeLessThan(150_000);
});

test.each(SPEAKERS)("each sound of the %s is decoded to its samples, wherever it is in a file", async (speaker) => {
  // Each sound has a second.
  const places = SOUNDS.map((sound, index) => ({ sound, place: 38 * index + 5, frames: framesOf(speaker, sound) }));
  const frames = places.flatMap(({ place, frames }) => frames.map((frame, index) => [place + index, frame] as const));
  const decoded = await decodedMp3(mp3File("", 38 * (SOUNDS.length + 1), new Map(frames)));
  for (const { sound, place, frames } of places) {
    const heard = part(decoded, place * FRAME_SECS, (place + frames.length) * FRAME_SECS);
    const samples = soundSamples(speaker, sound);
    expect(heard).toHaveLength(samples.length);
    expect(Math.abs(loudness(heard) / loudness(samples) - 1), sound).toBeLessThan(0.1);
    // MP3 does not keep noise exactly.
    expect(likeness(heard, samples), sound).toBeGreaterThan(sound === "hiss" ? 0.8 : 0.95);
  }
});

test("the agent's voice is higher than the caller's", () => {
  const pitchOf = (speaker: "agent" | "user") => {
    const samples = soundSamples(speaker, "a-level");
    return pitch(samples.subarray(samples.length / 4, samples.length / 2), 44_100);
  };
  expect(pitchOf("agent")).toBeGreaterThan(180);
  expect(pitchOf("agent")).toBeLessThan(200);
  expect(pitchOf("user")).toBeGreaterThan(100);
  expect(pitchOf("user")).toBeLessThan(120);
});

test("the pitch falls at the end of a sentence, and rises at the end of a question", () => {
  const course = (sound: "o-fall" | "o-rise") => {
    const samples = soundSamples("agent", sound);
    const at = (share: number) => samples.subarray(share * samples.length, (share + 0.25) * samples.length);
    return pitch(at(0.6), 44_100) / pitch(at(0), 44_100);
  };
  expect(course("o-fall")).toBeLessThan(0.9);
  expect(course("o-rise")).toBeGreaterThan(1.1);
});

test("makes each half of a frame quieter by its decibels", async () => {
  const frame = framesOf("user", "e-level")[3] ?? new Uint8Array();
  /** The loudness where only the first half of the frame is audible, and where only the second half is. */
  const loudnessOf = async (each: Uint8Array) => {
    const sound = await decodedMp3(mp3File("", 9, new Map([[3, each]])));
    return [3.25, 4.15].map((from) => loudness(part(sound, from * FRAME_SECS, (from + 0.2) * FRAME_SECS)));
  };
  const [first = 0, second = 0] = await loudnessOf(frame);
  const [firstHalved = 0, secondKept = 0] = await loudnessOf(quieter(frame, [6, 0]));
  const [firstKept = 0, secondQuartered = 0] = await loudnessOf(quieter(frame, [0, 12]));
  expect(first / firstHalved).toBeCloseTo(2, 1);
  expect(second / secondKept).toBeCloseTo(1, 1);
  expect(first / firstKept).toBeCloseTo(1, 1);
  // Filters mix a little of the first half into it.
  expect(second / secondQuartered / 4).toBeCloseTo(1, 1);
});
