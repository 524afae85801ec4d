import { expect, test } from "vitest";
import { silentMp3 } from "../../../infrastructure/samples/silent-mp3.ts";
import { mp3Frames } from "./mp3-frames.ts";

const SAMPLES_PER_FRAME = 1152;

test.each([0.5, 3, 22, 61.7, 300])(
  "lasts %d seconds, to the nearest frame, and ends with its last frame",
  (seconds) => {
    const { frames, sampleRate, endsAt } = mp3Frames(silentMp3({ seconds, title: "a call" }));
    const duration = (frames.length * SAMPLES_PER_FRAME) / sampleRate;
    expect(endsAt).toBe(silentMp3({ seconds, title: "a call" }).length);
    expect(Math.abs(duration - seconds)).toBeLessThanOrEqual(SAMPLES_PER_FRAME / sampleRate / 2);
  },
);

test("has 128 kbit/s, which needs a byte of padding in 47 of 49 frames", () => {
  const { frames } = mp3Frames(silentMp3({ seconds: 128, title: "" }));
  expect(frames.slice(0, 49).filter((bytes) => bytes === 418)).toHaveLength(47);
  expect(frames.slice(0, 49).reduce((sum, bytes) => sum + bytes)).toBe(20_480);
});

test("begins with the frame header of ElevenLabs' recordings", () => {
  const { startsAt, recording } = mp3Frames(silentMp3({ seconds: 1, title: "a call" }));
  expect(recording.subarray(startsAt, startsAt + 4).toString("hex")).toBe("fffb90c4");
});

test("depends on the title: another title gives other bytes, the same title the same", () => {
  const one = silentMp3({ seconds: 2, title: "conv_1 Reembolso, ¡ya! 🚲" });
  expect(one).toEqual(silentMp3({ seconds: 2, title: "conv_1 Reembolso, ¡ya! 🚲" }));
  expect(one).not.toEqual(silentMp3({ seconds: 2, title: "conv_2 Reembolso, ¡ya! 🚲" }));
  expect(one.includes("conv_1 Reembolso, ¡ya! 🚲")).toBe(true);
});

test("accepts a title whose length does not fit into one byte", () => {
  const { startsAt, endsAt, recording } = mp3Frames(silentMp3({ seconds: 1, title: "x".repeat(300) }));
  expect(startsAt).toBe(10 + 10 + 1 + 300);
  expect(endsAt).toBe(recording.length);
});
