import { expect, test } from "vitest";
import { at, entries } from "../../../handlers/call/json.ts";
import { ANSWERED, bodiesOf, turnsOf, WEEK } from "./sample-week.ts";

/** Ranges that are reserved for fiction: +1 202 555 01xx, +44 7700 900xxx (Ofcom), +49 30 23125 xxx (BNetzA). */
const FICTIONAL = /^\+?(120255501\d\d|447700900\d{3}|493023125\d{3})$/;

/** Carriers' texts for a withheld number. */
const WITHHELD = new Set(["", "anonymous", "Restricted", "+266696687"]);

const NUMBER_FIELDS = new Set([
  ...["external_number", "agent_number", "system__caller_id", "system__called_number", "transfer_number"],
  ...["whatsapp_user_id", "sms_user_phone_number", "agent_phone_number", "from_number", "to_number"],
  ...["To", "From", "Called", "Caller"],
]);

const withoutRecording = (body: string) => body.replace(/"full_audio": "[^"]*"/, "");
const compact = (number: string) => number.replace(/[ ().-]/g, "");

test("every number in a field for phone numbers is fictional or withheld", () => {
  const numbers = WEEK.flatMap(bodiesOf).flatMap((body) => numbersIn(JSON.parse(body)));
  expect(numbers.length).toBeGreaterThan(WEEK.length);
  for (const number of numbers) expect(WITHHELD.has(number) || FICTIONAL.test(compact(number)), number).toBe(true);
});

test("every international number in a body is fictional or withheld", () => {
  for (const body of WEEK.flatMap(bodiesOf).map(withoutRecording)) {
    for (const [number] of body.matchAll(/\+\d[\d ().-]{5,}\d/g)) {
      expect(WITHHELD.has(number) || FICTIONAL.test(compact(number)), number).toBe(true);
    }
  }
});

test("no message, summary or data point contains a phone number", () => {
  for (const { data } of ANSWERED) {
    const said = turnsOf(data).flatMap((turn) => [at(turn, "message"), at(turn, "original_message")]);
    const found = entries(at(data, "analysis", "data_collection_results")).map(([, point]) => at(point, "value"));
    for (const text of [...said, ...found, at(data, "analysis", "transcript_summary")]) {
      expect(String(text)).not.toMatch(/\d[\d ().-]{6,}\d/);
    }
  }
});

test("every web address is under .example, a reserved domain", () => {
  for (const body of WEEK.flatMap(bodiesOf).map(withoutRecording)) {
    for (const [, host] of body.matchAll(/https?:\/\/([^/"\\]+)/g)) expect(host).toMatch(/\.example$/);
  }
});

function numbersIn(value: unknown): string[] {
  return entries(value).flatMap(([key, member]) => [
    ...(NUMBER_FIELDS.has(key) && typeof member === "string" ? [member] : []),
    ...numbersIn(member),
  ]);
}
