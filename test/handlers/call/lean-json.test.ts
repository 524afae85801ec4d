import { expect, test } from "vitest";
import { sha256 } from "../../../handlers/call/digest.ts";
import { at } from "../../../handlers/call/json.ts";
import { leanJson, recordingTextOf } from "../../../handlers/call/lean-json.ts";

const LONG = "QUJD".repeat(70_000);

/** The text of the recording in `data.full_audio`, from its place in `body`. */
function recordingIn(body: Buffer): string | undefined {
  const json = leanJson(body);
  const value = at(json.value, "data", "full_audio");
  const text = recordingTextOf(value, json);
  return text ? body.toString("latin1", text.start, text.end) : undefined;
}

test("a long recording is not parsed, and its position in the body is returned", () => {
  const body = Buffer.from(JSON.stringify({ type: "t", data: { full_audio: LONG, after: "x" } }));
  expect(recordingIn(body)).toBe(LONG);
  expect(leanJson(body).value).toMatchObject({ type: "t", data: { after: "x" } });
  expect(JSON.stringify(leanJson(body).value).length).toBeLessThan(200);
});

test("a recording of up to 256 KiB is parsed like any text", () => {
  const short = "A".repeat(256 * 1024);
  expect(leanJson(Buffer.from(JSON.stringify({ data: { full_audio: short } }))).value).toEqual({
    data: { full_audio: short },
  });
  expect(recordingIn(Buffer.from(JSON.stringify({ data: { full_audio: `${short}A` } })))).toBe(`${short}A`);
});

test("finds a recording after white space around the colon, and after characters of several bytes", () => {
  const body = Buffer.from(`{"data": {"said": "Grüße, 東京 👩‍🚒", "full_audio" :\n\t "${LONG}"}}`);
  expect(recordingIn(body)).toBe(LONG);
  expect(at(leanJson(body).value, "data", "said")).toBe("Grüße, 東京 👩‍🚒");
});

test.each([
  ["quotes", `"${LONG}"`],
  ["backslashes", `\\${LONG}\\`],
  ["characters of several bytes", `é${LONG}👩‍🚒`],
])("%s at the ends of a recording are part of it", (_, recording) => {
  const body = Buffer.from(JSON.stringify({ data: { "before\\": '"', full_audio: recording, after: '\\"' } }));
  const json = leanJson(body);
  const { start, end } = recordingTextOf(at(json.value, "data", "full_audio"), json) ?? { start: 0, end: 0 };
  expect(JSON.parse(`"${body.toString("utf8", start, end)}"`)).toBe(recording);
  expect(json.value).toMatchObject({ data: { "before\\": '"', after: '\\"' } });
});

test.each([
  ["a long text under another name", { data: { message: LONG } }],
  ["a long name", { [LONG]: "full_audio" }],
  ["a list under the name", { full_audio: [LONG] }],
  ["the name as a text before a long one", ["full_audio", LONG]],
  ["the name as the value of another", { a: "full_audio", b: LONG }],
  ["quotes and backslashes", { data: { a: '\\"', "b\\": `"${"\\".repeat(300_000)}`, c: "full_audio\\" } }],
])("parses %s like JSON.parse", (_, value) => {
  expect(leanJson(Buffer.from(JSON.stringify(value))).value).toEqual(value);
});

test("finds two recordings in one body", () => {
  const body = Buffer.from(JSON.stringify({ a: { full_audio: `${LONG}A` }, b: { full_audio: `${LONG}B` } }));
  const json = leanJson(body);
  const texts = ["a", "b"].map((name) => recordingTextOf(at(json.value, name, "full_audio"), json));
  expect(texts.map((text) => text && body.toString("latin1", text.end - 1, text.end))).toEqual(["A", "B"]);
});

test.each(["", "{", `{"full_audio": "${LONG}`, `{"full_audio": "${LONG}"`, `{"full_audio" "${LONG}"}`])(
  "throws a SyntaxError for a body that is not JSON: %.20j",
  (text) => {
    expect(() => leanJson(Buffer.from(text))).toThrow(SyntaxError);
  },
);

test("a body is parsed to the same value each time, also with a recording in an unknown field", () => {
  const body = Buffer.from(JSON.stringify({ data: { tool: { full_audio: "A".repeat(300_000) } } }));
  expect(leanJson(body).value).toEqual({ data: { tool: { full_audio: `recording-${sha256(body)}-0` } } });
});
