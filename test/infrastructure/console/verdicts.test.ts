import { expect, test } from "vitest";
import { callOfKey, type Report } from "../../../infrastructure/console/archive/report.ts";
import {
  arrivalVerdict,
  completenessVerdict,
  tally,
  type Verdict,
  wholenessVerdict,
} from "../../../infrastructure/console/archive/verdicts.ts";

const AT = "2026-11-30T04:00:00.000Z";
const DAY = { day: "2026-11-29", calls: 3, rows: 3, recordings: 2, recordings_missing: 1, memories: 3, closed: true };

/** A report of an archive about which nothing else is known than its days. */
function aReport(changes: Partial<Report> = {}): Report {
  return {
    from: "2026-11-03",
    to: "2026-11-30",
    days: [{ ...DAY, missing: null, compared_at: null }],
    dead_letters: [],
    missing_calls: null,
    missing_checked_at: null,
    findings: null,
    finding_count: null,
    findings_checked_at: null,
    doctor_checked_at: null,
    ...changes,
  };
}

const finding = (source: string, isNotice: boolean) => ({
  ...{ source, kind: "x", subject: "a/conv_1.json", what: "is so", remedy: "do it", is_notice: isNotice },
});
const dead = [{ key: "a/conv_1.json", reason: null, attempts: null, given_up_at: null }];
const short = ({ tone, answer }: Verdict) => [tone, answer];

test.each([
  ["nothing is known", {}, ["unknown", "Not known"]],
  ["nothing is wrong", { doctor_checked_at: AT, findings: [] }, ["good", "Yes"]],
  ["there is a note", { doctor_checked_at: AT, findings: [finding("doctor", true)] }, ["warn", "Yes, with 1 note"]],
  ["something is wrong", { doctor_checked_at: AT, findings: [finding("doctor", false)] }, ["bad", "1 thing is wrong"]],
  ["only verify found something", { doctor_checked_at: AT, findings: [finding("verify", false)] }, ["good", "Yes"]],
])("will the next call arrive, if %s", (_, changes, expected) => {
  expect(short(arrivalVerdict(aReport(changes)))).toEqual(expected);
});

test.each([
  ["nothing is known", {}, ["unknown", "Not known"]],
  ["a day was not compared", { missing_calls: [], missing_checked_at: AT }, ["warn", "Yes, on the compared days"]],
  [
    "every day was compared",
    { missing_calls: [], missing_checked_at: AT, days: [{ ...DAY, missing: 0, compared_at: AT }] },
    ["good", "Yes"],
  ],
  [
    "calls are missing",
    { missing_calls: ["c1", "c2"], missing_checked_at: AT, days: [{ ...DAY, missing: 2, compared_at: AT }] },
    ["bad", "2 calls are missing"],
  ],
])("is every call here, if %s", (_, changes, expected) => {
  expect(short(completenessVerdict(aReport(changes)))).toEqual(expected);
});

test.each([
  ["nothing is known", {}, ["unknown", "Not known"]],
  ["the dead letters are not known either", { dead_letters: null }, ["unknown", "Not known"]],
  ["there is a dead letter", { dead_letters: dead }, ["warn", "1 object is not finished"]],
  ["verify found nothing", { findings_checked_at: AT, findings: [] }, ["good", "Yes"]],
  ["verify has notices", { findings_checked_at: AT, findings: [finding("verify", true)] }, ["good", "Yes"]],
  ["verify found something", { findings_checked_at: AT, findings: [finding("verify", false)] }, ["bad", "1 finding"]],
  [
    "only processing failed",
    { findings_checked_at: AT, findings: [], dead_letters: dead },
    ["warn", "Every byte is; 1 object is not finished"],
  ],
])("is what is here whole, if %s", (_, changes, expected) => {
  expect(short(wholenessVerdict(aReport(changes)))).toEqual(expected);
});

test("a count that is not known of one day is not known of the range", () => {
  const days = [DAY, { ...DAY, day: "2026-11-28", calls: null, memories: null }];
  expect(tally(aReport({ days, dead_letters: null }))).toEqual([
    ["Calls in the archive", null],
    ["Calls in the tables", 6],
    ["Recordings", 4],
    ["Recordings missing", 2],
    ["Memories stored, or none to store", null],
    ["Dead letters", null],
  ]);
});

test.each([
  ["12025550101/conv_1.json", "conv_1"],
  ["anonymous/conv_1.mp3", "conv_1"],
  ["_other/alien/conv_1.json", undefined],
  ["_quarantine/conv_1.json", undefined],
  ["conv_1.json", undefined],
])("the call of the object %s", (key, call) => {
  expect(callOfKey(key)).toBe(call);
});
