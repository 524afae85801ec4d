import fc from "fast-check";
import { expect, test } from "vitest";
import { callerOf } from "../../handlers/call/caller.ts";
import { readEvent } from "../../handlers/call/event.ts";
import { indexKey, mp3Key, parsedKey, rawKey } from "../../handlers/call/keys.ts";
import { deliveredAudioKey } from "../../handlers/call/kinds/audio.ts";
import { type EventKind, ROUTED } from "../../handlers/call/kinds/registry.ts";
import { quarantineKey } from "../../handlers/call/kinds/unrouted.ts";
import { slugged } from "../../handlers/call/slug.ts";
import { bodyOf } from "../support/fixtures/events.ts";
import { runs } from "../support/fixtures/fuzz-runs.ts";
import { unicodeText } from "../support/fixtures/unicode-text.ts";

const AWKWARD = [
  ...["", " ", "\0", ".", "..", "../..", "../_index/conv_1", "/", "//", "\\", "a/b", "a\\b", "a%2fb", "~", "-", "_"],
  ...["conv_1", "conv_1.json", "conv_1.failure", "conv_1.failure.json", "conv_1.mp3", "conv_1/conv_2", "CON", "con"],
  ...["_audio", "_index", "_other", "_quarantine", "anonymous", "user-a", "12025550101", "__proto__", "constructor"],
  ...["\u202e", "\ufeff", "e\u0301", "\u00e9", "\ud83d", "\ude00", "👩‍🚒", "a\nb", "a\rb", "a\tb", "a b", "a:b"],
];

/** Lone surrogates anywhere, as in a text that the sender truncated. */
const utf16 = fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units));

const anyText = fc.oneof(
  fc.constantFrom(...AWKWARD),
  unicodeText(),
  utf16,
  fc.string({ unit: fc.constantFrom("a", "_", "-", "0", ".", "/", "\0", "é") }),
  fc.tuple(unicodeText(), fc.integer({ min: 1, max: 3_000 })).map(([text, times]) => text.repeat(times)),
);
/** Any value in the place of an id, mostly a text. */
const anyId: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 5, arbitrary: anyText },
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constantFrom(null, {}, [], [null]),
);
const number = fc.oneof(anyId, fc.constantFrom("+1 (202) 555-0101", "sip:+12025550101@example.com", "anonymous"));
const anyBody = fc
  .record({
    type: fc.oneof(fc.constantFrom(...Object.values(ROUTED).flatMap(({ types }) => types)), anyText),
    conversation_id: anyId,
    user_id: anyId,
    number,
  })
  .map(({ type, ...data }) => bodyOf(type, dataOf(data)));

function dataOf({ conversation_id, user_id, number: stated }: Record<string, unknown>) {
  const metadata = { phone_call: { external_number: stated }, body: { To: stated } };
  return { conversation_id, user_id, metadata };
}

/** A body of a known kind for a conversation. */
const ofKind = (kind: EventKind, conversation_id: unknown, number: unknown = null, user_id: unknown = null) =>
  bodyOf(ROUTED[kind].types[0], dataOf({ conversation_id, user_id, number }));
const keyOf = (body: Buffer) => rawKey(readEvent(body), body, undefined);
const anyKind = fc.constantFrom<EventKind>("transcription", "audio", "failure");

const PART = "[A-Za-z0-9_-]{1,128}";
const RAW = new RegExp(`^(_other/${PART}/${PART}|_audio/${PART}|[A-Za-z0-9-]${PART}/${PART}(\\.failure)?)\\.json$`);

test("no id, type or number produces a key outside its prefix, or longer than a file system allows", () => {
  fc.assert(
    fc.property(anyBody, anyText, (body, id) => {
      const key = keyOf(body);
      expect(key).toMatch(RAW);
      expect(mp3Key(key)).toBe(`${key.slice(0, -".json".length)}.mp3`);
      expect(quarantineKey(readEvent(body), body)).toMatch(new RegExp(`^_quarantine/${PART}/${PART}\\.json$`));
      expect(indexKey(id)).toMatch(new RegExp(`^_index/${PART}$`));
      expect(deliveredAudioKey(id)).toMatch(new RegExp(`^_audio/${PART}\\.json$`));
    }),
    runs(300),
  );
});

test("a key can be parsed to the kind, conversation and caller of its event", () => {
  fc.assert(
    fc.property(anyBody, (body) => {
      const event = readEvent(body);
      const parsed = parsedKey(rawKey(event, body, undefined));
      if (event.kind === "unrouted") expect(parsed).toMatchObject({ kind: "unrouted", caller: null });
      else {
        const caller = event.kind === "audio" ? null : callerOf(event, undefined).folder;
        expect(parsed).toEqual({ kind: event.kind, conversation: slugged(event.conversationId), caller });
      }
      expect(parsedKey(quarantineKey(event, body))).toMatchObject({ kind: "unrouted", caller: null });
    }),
    runs(300),
  );
});

/** Two different texts, half of the time with one difference. */
const letter = fc.oneof(utf16, fc.constantFrom("", " ", "-", "_", ".", "/", "\0", "\ud83d", "\ude00", "\ufffd", "é"));
const twoTexts = fc
  .oneof(
    fc.tuple(anyText, anyText),
    fc.tuple(anyText, letter, letter, anyText).map(([a, x, y, z]) => [a + x + z, a + y + z] as const),
  )
  .filter(([one, other]) => one !== other);

test("two conversations never share a key, nor two user ids a folder", () => {
  fc.assert(
    fc.property(twoTexts, anyKind, ([one, other], kind) => {
      expect(keyOf(ofKind(kind, one))).not.toBe(keyOf(ofKind(kind, other)));
      expect(indexKey(one)).not.toBe(indexKey(other));
      const [folder, otherFolder] = [one, other].map((id) => folderOf(ofKind("transcription", "conv_1", null, id)));
      // Two spellings of a phone number are one person.
      if (folder?.startsWith("user-")) expect(folder).not.toBe(otherFolder);
    }),
    runs(300),
  );
});

test("a caller's folder is digits, user-… or anonymous, and never one of the archive's prefixes", () => {
  fc.assert(
    fc.property(fc.constantFrom<EventKind>("transcription", "failure"), number, anyId, (kind, stated, userId) => {
      expect(folderOf(ofKind(kind, "conv_1", stated, userId))).toMatch(
        /^(\d{4,15}|user-[A-Za-z0-9_-]{1,123}|anonymous)$/,
      );
    }),
    runs(300),
  );
});

test("no two objects share a key, of one conversation or of two", () => {
  fc.assert(
    fc.property(anyText, anyText, number, anyId, (one, other, stated, userId) => {
      const keysOf = (id: string) => {
        const bodies = (["transcription", "failure", "audio"] as const).map((kind) => ofKind(kind, id, stated, userId));
        const raw = bodies.map(keyOf);
        const quarantined = bodies.map((body) => quarantineKey(readEvent(body), body));
        return [...raw, mp3Key(raw[0] ?? ""), ...quarantined, indexKey(id)];
      };
      const all = one === other ? keysOf(one) : [...keysOf(one), ...keysOf(other)];
      expect(new Set(all).size).toBe(all.length);
    }),
    runs(150),
  );
});

function folderOf(body: Buffer): string {
  const event = readEvent(body);
  if (event.kind === "unrouted") throw new Error(event.reason);
  return callerOf(event, undefined).folder;
}
