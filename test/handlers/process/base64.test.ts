import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BLOCK_BYTES, decodedBase64, piecesOfBase64 } from "../../../handlers/process/base64.ts";
import { Unprocessable } from "../../../handlers/process/unprocessable.ts";
import { runs } from "../../support/fixtures/fuzz-runs.ts";

/** Seven blocks fit into a piece. */
const PIECE = 7 * BLOCK_BYTES;

const NOISE = Buffer.alloc(PIECE + 4).map((_, n) => (n * 2_654_435_761) >>> 13);

const WAYS: [string, (text: string) => Buffer][] = [
  ["in blocks, each in the memory of the one before", inReusedMemory],
  ["in pieces, each in new memory", (text) => Buffer.concat([...piecesOfBase64(Buffer.from(text, "latin1"))])],
];

describe.each(WAYS)("decoding %s", (_, decode) => {
  test.each([0, 1, 2, 3, 4, 5, 6, ...around(BLOCK_BYTES), ...around(2 * BLOCK_BYTES), ...around(PIECE)])(
    "gives the %d bytes that were encoded",
    (length) => {
      const bytes = noise(length);
      expect(decode(bytes.toString("base64")).equals(bytes)).toBe(true);
    },
  );

  test("gives the bytes of every valid text, and refuses every other one", () => {
    const character = fc.constantFrom(..."AQgwZz09+/=-_. \n\té");
    const text = fc.oneof(fc.base64String(), fc.string({ unit: character, maxLength: 12 }));
    fc.assert(
      fc.property(text, (encoded) => {
        if (isValid(encoded)) expect(decode(encoded).equals(Buffer.from(encoded, "base64"))).toBe(true);
        else expect(() => decode(encoded)).toThrow(Unprocessable);
      }),
      runs(100),
    );
  });

  test("refuses one invalid character anywhere, also where a block begins or ends", () => {
    const valid = noise(2 * BLOCK_BYTES + 3).toString("base64");
    const block = (BLOCK_BYTES / 3) * 4;
    for (const at of [0, 1, block - 1, block, block + 1, 2 * block - 1, 2 * block, valid.length - 5]) {
      for (const wrong of ["=", "-", "\n", "é"]) {
        const encoded = valid.slice(0, at) + wrong + valid.slice(at + 1);
        expect(() => decode(encoded)).toThrow(/^not base64/);
      }
    }
  });
});

test.each([
  ["QUJ", "not base64: its length is not a multiple of four"],
  ["QUJD\n", "not base64: its length is not a multiple of four"],
  ["QUJDQR==", "not base64: its last four characters are invalid"],
  ["QUJDQ===", "not base64: its last four characters are invalid"],
  ["QUJDQUJ-", "not base64: its last four characters are invalid"],
  ["QUJ=QUJD", "not base64: it contains other characters"],
  ["QU_DQUJD", "not base64: it contains other characters"],
])("refuses %j: %s", (encoded, reason) => {
  expect(() => inReusedMemory(encoded)).toThrow(reason);
});

test("decodes the first block before it reads the second one", () => {
  const encoded = Buffer.from(`${noise(BLOCK_BYTES).toString("base64")}!!!!QUJD`);
  const blocks = decodedBase64(encoded, () => Buffer.alloc(BLOCK_BYTES));
  expect(blocks.next().value).toEqual(noise(BLOCK_BYTES));
  expect(() => blocks.next()).toThrow("not base64: it contains other characters");
});

function inReusedMemory(text: string): Buffer {
  const memory = Buffer.alloc(BLOCK_BYTES);
  const copies: Buffer[] = [];
  for (const block of decodedBase64(Buffer.from(text, "latin1"), () => memory)) copies.push(Buffer.from(block));
  return Buffer.concat(copies);
}

/** RFC 4648 §4: groups of four, padded, and no bits left over. */
function isValid(text: string): boolean {
  const alphabet = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/;
  return alphabet.test(text) && !text.endsWith("\n");
}

function around(length: number): number[] {
  return [-1, 0, 1, 3].map((more) => length + more);
}

function noise(length: number): Buffer {
  return Buffer.from(NOISE.buffer, NOISE.byteOffset, length);
}
