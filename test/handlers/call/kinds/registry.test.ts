import { readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readEvent } from "../../../../handlers/call/event.ts";
import { parsedKey, rawKey } from "../../../../handlers/call/keys.ts";
import { hourOfRows, KIND_NAMES, KINDS, kindOfType, ROUTED, rowsOf } from "../../../../handlers/call/kinds/registry.ts";
import { quarantineKey } from "../../../../handlers/call/kinds/unrouted.ts";
import type { Provenance } from "../../../../handlers/call/rows/provenance.ts";
import { TABLES } from "../../../../queries/tables/all.ts";
import { bodyOf } from "../../../support/fixtures/events.ts";
import { runs } from "../../../support/fixtures/fuzz-runs.ts";
import { unicodeText } from "../../../support/fixtures/unicode-text.ts";

const NAMES = Object.keys(ROUTED);
const TYPES = Object.values(ROUTED).flatMap(({ types }) => types);
const RECEIVED = new Date("2026-11-20T10:05:00Z");

/** A body of `type` with a conversation id, and with a number in every field that a kind may read. */
const aBody = (type: string, id = "conv_1") =>
  bodyOf(type, {
    conversation_id: id,
    metadata: { phone_call: { external_number: "+12025550101" }, body: { To: "+12025550101" } },
  });

/** The kinds whose pattern matches a key. */
const kindsOf = (key: string) => KIND_NAMES.filter((name) => KINDS[name].keys.test(key));

test("each kind has one file, and each file defines a kind", () => {
  const files = readdirSync(join(import.meta.dirname, "../../../../handlers/call/kinds"));
  const kinds = files.filter((file) => file !== "kind.ts" && file !== "registry.ts");
  expect(kinds.toSorted()).toEqual(KIND_NAMES.map((name) => `${name}.ts`).toSorted());
});

test("no two kinds share a type, and each type belongs to its kind", () => {
  expect(new Set(TYPES).size).toBe(TYPES.length);
  expect(kindOfType("constructor")).toBeUndefined();
  for (const [name, { types }] of Object.entries(ROUTED)) {
    expect(types.length).toBeGreaterThan(0);
    for (const type of types) expect([kindOfType(type), readEvent(aBody(type)).kind]).toEqual([name, name]);
  }
});

test("one kind has the role of the call, and only unrouted is for all other events", () => {
  const roles = KIND_NAMES.map((name) => KINDS[name].role);
  expect(roles.filter((each) => each === "call")).toHaveLength(1);
  expect(KIND_NAMES.filter((name) => !KINDS[name].isRouted)).toEqual(["unrouted"]);
  expect(KIND_NAMES.filter((name) => KINDS[name].role === "alone")).toEqual(["unrouted"]);
});

test.each(KIND_NAMES)("%s lists each step once, and expects a recording only if it has the audio step", (name) => {
  const { steps, expects } = KINDS[name];
  expect(new Set(steps).size).toBe(steps.length);
  if (expects.recording !== "none") expect(steps).toContain("audio");
});

test.each(KIND_NAMES)("%s matches whole keys, without the state of a global pattern", (name) => {
  const { keys } = KINDS[name];
  expect([keys.flags, keys.source.at(0), keys.source.at(-1)]).toEqual(["", "^", "$"]);
});

test.each(TYPES)("the key of a %s event matches only its kind", (type) => {
  const body = aBody(type);
  const event = readEvent(body);
  const key = rawKey(event, body, undefined);
  expect(kindsOf(key)).toEqual([event.kind]);
  expect(parsedKey(key)).toMatchObject({ kind: event.kind, conversation: "conv_1" });
  expect(kindsOf(quarantineKey(event, body))).toEqual(["unrouted"]);
});

test("the key of any event matches exactly one kind, and any other key at most one", () => {
  const part = fc.oneof(
    fc.constantFrom("_audio", "_other", "_quarantine", "_index", "x.failure", "x.json", "x.mp3", "anonymous", ...NAMES),
    fc.string({ unit: fc.constantFrom("a", "_", "-", ".", "0", "/"), maxLength: 6 }),
    unicodeText(),
  );
  const type = fc.oneof(fc.constantFrom(...TYPES), part);
  const parts = fc.array(part, { minLength: 1, maxLength: 4 });
  const suffix = fc.constantFrom("", ".json", ".failure.json", ".mp3", ".json.tmp");
  fc.assert(
    fc.property(type, part, parts, suffix, (ofType, id, folders, end) => {
      const body = aBody(ofType, id);
      const event = readEvent(body);
      expect(kindsOf(rawKey(event, body, undefined))).toEqual([event.kind]);
      expect(kindsOf(quarantineKey(event, body))).toEqual(["unrouted"]);
      expect(kindsOf(`${folders.join("/")}${end}`).length).toBeLessThanOrEqual(1);
    }),
    runs(150),
  );
});

test.each(KIND_NAMES)("%s returns a day and rows of known tables, for its own event and for an unknown one", (name) => {
  const { isRouted } = KINDS[name];
  const bodies = (isRouted ? KINDS[name].types : []).map((type) => aBody(type));
  for (const event of [...bodies, Buffer.from("not JSON")].map(readEvent)) {
    expect(hourOfRows(name, event, RECEIVED)).toMatch(/^2026-11-20\/\d\d$/);
    for (const [table] of rowsOf(name, event, FROM)) expect(TABLES).toContain(table);
  }
});

const FROM: Provenance = {
  key: "12025550101/conv_1.json",
  caller: "12025550101",
  bytes: 1,
  sha256: "0".repeat(64),
  receivedAt: RECEIVED,
  source: "webhook",
};
