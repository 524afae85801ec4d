import fc from "fast-check";
import { expect, test } from "vitest";
import { signature, verifySignature } from "../../handlers/receive/signature.ts";
import { runs } from "../support/fixtures/fuzz-runs.ts";
import { unicodeText } from "../support/fixtures/unicode-text.ts";

const body = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
const secret = unicodeText({ minLength: 1, maxLength: 100 });
/** Seconds since 1970, of at most twelve digits. */
const time = fc.oneof(fc.integer({ min: 0, max: 999_999_999_999 }), fc.integer({ min: 1.7e9, max: 1.8e9 }));
const tolerance = fc.integer({ min: 1, max: 100_000 });
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString("hex"));

const GENUINE = { outcome: "genuine" };
const STALE = { outcome: "stale" };

const atSecond = (seconds: number) => new Date(Math.round(1000 * seconds));

test("a signature is genuine up to the tolerance before and after, and stale a millisecond beyond", () => {
  fc.assert(
    fc.property(body, secret, time, tolerance, (bytes, key, signedAt, seconds) => {
      const header = signature(bytes, key, atSecond(signedAt));
      const check = (now: number) => verifySignature(header, bytes, [key], atSecond(now), seconds);
      expect(check(signedAt)).toEqual(GENUINE);
      expect(check(signedAt + seconds)).toEqual(GENUINE);
      expect(check(signedAt - seconds)).toEqual(GENUINE);
      expect(check(signedAt + seconds + 0.001)).toEqual(STALE);
      expect(check(signedAt - seconds - 0.001)).toEqual(STALE);
    }),
    runs(200),
  );
});

test("a signature is refused if one bit of the body, the time, the hash or the secret differs", () => {
  fc.assert(
    fc.property(body, secret, time, fc.nat(), (bytes, key, signedAt, bit) => {
      const now = atSecond(signedAt);
      const header = signature(bytes, key, now);
      const [, digits = "", hex = ""] = /^t=(\d+),v0=(\w+)$/.exec(header) ?? [];
      const check = (ofHeader: string, ofBytes: Buffer = bytes, ofKey = key) =>
        verifySignature(ofHeader, ofBytes, [ofKey], now, 1e12).outcome;

      if (bytes.length > 0) expect(check(header, flipped(bytes, bit))).toBe("refused");
      const otherDigits = flipped(Buffer.from(digits), bit).toString("latin1");
      expect(check(`t=${otherDigits},v0=${hex}`)).toBe("refused");
      const otherHash = flipped(Buffer.from(hex, "hex"), bit).toString("hex");
      expect(check(`t=${digits},v0=${otherHash}`)).toBe("refused");
      const otherKey = flipped(Buffer.from(key, "utf16le"), bit).toString("utf16le");
      // UTF-8 encodes all lone surrogates alike, so their hashes are equal.
      if (otherKey.isWellFormed()) expect(check(header, bytes, otherKey)).toBe("refused");
    }),
    runs(300),
  );
});

/** Parts of a header that verification ignores. */
const noise = fc.oneof(
  hash.map((hex) => `v0=${hex}`),
  hash.map((hex) => `v1=${hex}`),
  fc.constantFrom("", "v0=", "v0=not-hex", "v1", "t", "scheme=hmac"),
  fc.integer({ min: 1_000_000_000, max: 1_000_000_002 }).map((other) => `t=${other}`),
);
const space = fc.constantFrom("", " ", "\t", "  ");

test("white space, repetition, other hashes, other times and other secrets do not change the result", () => {
  fc.assert(
    fc.property(
      fc.record({ body, secret, isLate: fc.boolean(), isRepeated: fc.boolean(), isSplit: fc.boolean(), space }),
      fc.array(noise, { maxLength: 6 }),
      fc.array(secret, { maxLength: 3 }),
      fc.infiniteStream(fc.nat()),
      ({ isLate, isRepeated, isSplit, ...drawn }, around, otherSecrets, draws) => {
        const now = atSecond(1_700_000_000);
        const signed = signature(drawn.body, drawn.secret, atSecond(1_700_000_000 - (isLate ? 3_600 : 60))).split(",");
        const parts = inOrderOf(draws, [...signed, ...(isRepeated ? signed : []), ...around]);
        const spaced = parts.map((part) => drawn.space + part + drawn.space);
        const secrets = inOrderOf(draws, [drawn.secret, "", ...otherSecrets]);
        const header = isSplit ? spaced : spaced.join(",");
        expect(verifySignature(header, drawn.body, secrets, now, 1800)).toEqual(isLate ? STALE : GENUINE);
      },
    ),
    runs(300),
  );
});

/** Texts without a valid signature, most of them with the parts of one. */
const unsigned = fc.oneof(
  unicodeText(),
  fc
    .array(
      fc.oneof(
        time.map((seconds) => `t=${seconds}`),
        noise,
        fc.string(),
        fc.constantFrom("t=", "t=-1", "t=1e9"),
      ),
    )
    .map((parts) => parts.join(",")),
);

test("every header without a valid signature is refused", () => {
  fc.assert(
    fc.property(
      fc.oneof(unsigned, fc.array(unsigned)),
      body,
      fc.array(unicodeText()),
      fc.date({ noInvalidDate: false }),
      fc.double(),
      (header, bytes, secrets, now, seconds) => {
        expect(verifySignature(header, bytes, secrets, now, seconds).outcome).toBe("refused");
        const byNoSecret = signature(bytes, "", now);
        expect(verifySignature(byNoSecret, bytes, [""], now, seconds).outcome).toBe("refused");
      },
    ),
    runs(500),
  );
});

/** `bytes` with one bit flipped: number `bit`, modulo the number of bits. */
function flipped(bytes: Buffer, bit: number): Buffer {
  const at = bit % (8 * bytes.length);
  return Buffer.from(bytes.map((byte, index) => (index === at >> 3 ? byte ^ (1 << (at & 7)) : byte)));
}

function inOrderOf<Value>(draws: Iterator<number>, values: readonly Value[]): Value[] {
  const ranked = values.map((value) => ({ value, rank: Number(draws.next().value) }));
  return ranked.sort((one, other) => one.rank - other.rank).map(({ value }) => value);
}
