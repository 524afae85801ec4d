import fc from "fast-check";
import { expect, test } from "vitest";
import { callerOf } from "../../handlers/call/caller.ts";
import { readEvent } from "../../handlers/call/event.ts";
import { aTranscription, metadataWith } from "../support/fixtures/events.ts";
import { runs } from "../support/fixtures/fuzz-runs.ts";
import { phoneNumber, spelled, written } from "../support/fixtures/phone-numbers.ts";

/** The caller of a phone call whose number is stated like this. */
function callerWith(external_number: string, user_id: unknown = null, defaultCountryCode?: string) {
  const event = readEvent(aTranscription({ user_id, metadata: metadataWith({ phone_call: { external_number } }) }));
  if (event.kind === "unrouted") throw new Error(event.reason);
  return callerOf(event, defaultCountryCode);
}

const twoSpellings = phoneNumber.chain((number) => fc.tuple(fc.constant(number), written(number), written(number)));

test("all spellings of a number are one person, with one folder and one memory", () => {
  fc.assert(
    fc.property(twoSpellings, ([number, one, other]) => {
      expect(callerWith(one)).toEqual({ folder: number, memoryUserId: `+${number}` });
      expect(callerWith(other)).toEqual(callerWith(one));
    }),
    runs(300),
  );
});

test("a national number is the same person as the number with its country code", () => {
  const national = fc
    .tuple(fc.constantFrom("44", "49", "1", "7", "971"), fc.stringMatching(/^[2-9]\d{6,8}$/))
    .chain(([code, number]) =>
      fc.tuple(fc.constant(code), fc.constant(number), written(code + number), spelled(`0${number}`)),
    );
  fc.assert(
    fc.property(national, ([code, number, international, withinCountry]) => {
      expect(callerWith(withinCountry, null, code).folder).toBe(`${code}${number}`);
      expect(callerWith(withinCountry, null, code)).toEqual(callerWith(international, null, code));
    }),
    runs(100),
  );
});

test("two numbers are never one person, in any spelling", () => {
  const two = fc
    .tuple(phoneNumber, phoneNumber)
    .filter(([one, other]) => one !== other)
    .chain(([one, other]) => fc.tuple(written(one), written(other)));
  fc.assert(
    fc.property(two, ([one, other]) => {
      expect(callerWith(one).memoryUserId).not.toBe(callerWith(other).memoryUserId);
      expect(callerWith(one).folder).not.toBe(callerWith(other).folder);
    }),
    runs(200),
  );
});

test("an anonymous caller has no memory, in any spelling", () => {
  const words = fc.constantFrom("anonymous", "restricted", "unavailable", "blocked", "unknown", "private", "withheld");
  const keypad = fc.constantFrom("266696687", "7378742833", "2562533", "8656696", "86282452253", "7748283");
  const zeros = fc.integer({ min: 1, max: 20 }).map((count) => "0".repeat(count));
  const prefixed = fc.tuple(fc.constantFrom("", "+", "1", "+1", "001"), keypad).map((parts) => parts.join(""));
  const withheld = fc.oneof(
    words.chain((word) =>
      fc.constantFrom(word, word.toUpperCase(), ` ${word}\u200f`, `sip:${word}@x.invalid`, `"${word}"`),
    ),
    prefixed.chain(spelled),
    zeros.chain(spelled),
    prefixed.map((number) => `sip:${number}@carrier.example`),
  );
  fc.assert(
    fc.property(withheld, fc.constantFrom(null, "anna"), (number, userId) => {
      expect(callerWith(number, userId)).toEqual({ folder: "anonymous", memoryUserId: null });
    }),
    runs(300),
  );
});
