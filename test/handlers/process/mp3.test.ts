import fc from "fast-check";
import { expect, test } from "vitest";
import { beginsLikeMp3, mp3Meter } from "../../../handlers/process/mp3.ts";
import { silentMp3 } from "../../../infrastructure/samples/silent-mp3.ts";
import { runs } from "../../support/fixtures/fuzz-runs.ts";

const TAG = Buffer.from("ID3\x04\0\0\0\0\0\x05title", "latin1");
/** 417 bytes, 128 kbit/s, 1152 samples at 44.1 kHz. */
const MPEG1 = frame(0xfffb90c4, 417);
/** 72 bytes, 24 kbit/s, 576 samples at 24 kHz. */
const MPEG2 = frame(0xfff334c4, 72);
/** 104 bytes, 16 kbit/s, 576 samples at 11.025 kHz. */
const MPEG25 = frame(0xffe320c4, 104);

/** The parts of a recording: whole ones, cut ones, and bytes that are neither a tag nor a frame. */
const part = fc.oneof(
  fc.constantFrom(TAG, MPEG1, MPEG2, MPEG25),
  fc.nat(20).map((length) => MPEG1.subarray(0, length)),
  fc
    .constantFrom("ID3", "\xff", "\xff\xff\xff\xfb", "\0".repeat(9), "junk\xff")
    .map((text) => Buffer.from(text, "latin1")),
  fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
);
const recording = fc.array(part, { maxLength: 12 }).map((parts) => Buffer.concat(parts));

test("the length and the bit rate do not depend on the sizes of the chunks", () => {
  fc.assert(
    fc.property(recording, fc.array(fc.nat(40), { minLength: 1, maxLength: 8 }), (bytes, sizes) => {
      expect(factsOf(cut(bytes, sizes))).toEqual(factsOf([bytes]));
      expect(factsOf(cut(bytes, [1]))).toEqual(factsOf([bytes]));
    }),
    runs(100),
  );
});

test.each([
  ["MPEG-1", MPEG1, 1152 / 44_100, 128],
  ["MPEG-2", MPEG2, 576 / 24_000, 24],
  ["MPEG-2.5", MPEG25, 576 / 11_025, 16],
])("counts the frames of %s", (_, each, seconds, bitrateKbps) => {
  const bytes = Buffer.concat([TAG, ...Array.from({ length: 100 }, () => each)]);
  expect(factsOf([bytes])).toEqual({ durationSecs: Math.round(100_000 * seconds) / 1000, bitrateKbps });
});

test("the bit rate is the mean over frames of several rates", () => {
  const { durationSecs, bitrateKbps } = factsOf([Buffer.concat([MPEG1, MPEG2, MPEG25])]);
  expect(durationSecs).toBe(0.102);
  expect(bitrateKbps).toBeCloseTo((128 * 0.02612 + 24 * 0.024 + 16 * 0.05224) / 0.10236, 1);
});

test("finds the next frame after bytes that are none, and skips a tag between frames", () => {
  const between = Buffer.from("no frame \xff\xff\0 and none here", "latin1");
  const two = factsOf([Buffer.concat([MPEG1, MPEG1])]);
  expect(factsOf([Buffer.concat([MPEG1, between, MPEG1])])).toEqual(two);
  expect(factsOf([Buffer.concat([MPEG1, TAG, MPEG1])])).toEqual(two);
});

test("a tag's name is no tag where no header is expected, also at the start of a chunk", () => {
  const long = Buffer.from("ID3\x04\0\0\x7f\x7f\x7f\x7f", "latin1");
  const chunks = [MPEG1, Buffer.from("lost, and not found"), long, MPEG1];
  expect(factsOf(chunks)).toEqual(factsOf([MPEG1, MPEG1]));
});

test.each([
  ["no bytes", []],
  ["no frame", [Buffer.alloc(100_000)]],
  ["only sync bytes", [Buffer.alloc(100_000, 0xff)]],
  ["a tag that is longer than the recording", [Buffer.from("ID3\x04\0\0\x7f\x7f\x7f\x7f", "latin1"), MPEG1]],
])("has neither with %s", (_, chunks) => {
  expect(factsOf(chunks)).toEqual({ durationSecs: null, bitrateKbps: null });
});

test("a recording begins with a whole tag header or a whole frame header", () => {
  const begins = [silentMp3({ seconds: 1, title: "" }), TAG, MPEG1, MPEG2, MPEG1.subarray(0, 4), TAG.subarray(0, 10)];
  expect(begins.map(beginsLikeMp3)).toEqual(begins.map(() => true));
  const others = [
    Buffer.of(),
    MPEG1.subarray(0, 3),
    TAG.subarray(0, 9),
    Buffer.from("RIFF....WAVE"),
    MPEG1.subarray(1),
  ];
  expect(others.map(beginsLikeMp3)).toEqual(others.map(() => false));
  const reserved = [0xffeb90c4, 0xfffd90c4, 0xfffbf0c4, 0xfffb00c4, 0xfffb9cc4].map((header) => frame(header, 417));
  expect(reserved.map(beginsLikeMp3)).toEqual(reserved.map(() => false));
});

function frame(header: number, bytes: number): Buffer {
  const made = Buffer.alloc(bytes);
  made.writeUInt32BE(header);
  return made;
}

function factsOf(chunks: readonly Uint8Array[]) {
  const meter = mp3Meter();
  for (const chunk of chunks) meter.push(chunk);
  return meter.facts();
}

/** `bytes` in chunks of these sizes, over and over. Empty chunks are among them. */
function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let from = 0;
  for (let n = 0; from < bytes.length; n += 1) {
    const size = n % (2 * sizes.length) < sizes.length ? (sizes[n % sizes.length] ?? 1) : 7;
    chunks.push(bytes.subarray(from, from + size));
    from += size;
  }
  return chunks;
}
