import { describe, expect, test } from "vitest";
import { readEvent } from "../../../handlers/call/event.ts";
import { transcriptOf } from "../../../handlers/call/transcript.ts";
import { aTranscription, metadataWith } from "../../support/fixtures/events.ts";

describe("the kind of an entry", () => {
  const update = { contextual_update_info: { context_id: "page", is_superseded: true } };
  const call = { tool_calls: [{ request_id: "r", tool_name: "t" }] };
  const timeout = { platform_event: "user_turn_timeout" };
  const file = { original_filename: "a.png" };

  test.each([
    ["words", { message: "Hello" }, "said"],
    ["an emoji", { message: "🙂" }, "said"],
    ["a digit", { message: "7" }, "said"],
    ["a number instead of a text", { message: 7 }, "said"],
    ["words and a tool", { message: "Hello", ...call }, "said"],
    ["words and a platform event", { message: "Hello", ...timeout }, "said"],
    ["words and a file", { message: "Hello", file_inputs: [file] }, "said"],
    ["words, cut off by an interruption", { message: "Hel...", interrupted: true }, "said"],
    ["no text", { message: null }, "silence"],
    ["a missing text", {}, "silence"],
    ["an empty text", { message: "" }, "silence"],
    ["white space", { message: " \u00a0\n" }, "silence"],
    ["dots", { message: "...." }, "silence"],
    ["dots with spaces", { message: " . . …" }, "silence"],
    ["a dash", { message: "—" }, "silence"],
    ["a text of another type", { message: { text: "Hello" } }, "silence"],
    ["a whole text of which nothing was heard", { message: "", original_message: "Hello" }, "silence"],
    ["empty lists", { message: null, tool_calls: [], tool_results: [], file_inputs: [] }, "silence"],
    ["a tool call", { message: null, ...call }, "tool"],
    ["the result of a tool", { message: "", tool_results: [{ request_id: "r" }] }, "tool"],
    ["dots and a tool call", { message: "...", ...call }, "tool"],
    ["a file", { message: null, file_input: file }, "file"],
    ["files", { message: "", file_inputs: [file] }, "file"],
    ["a time-out", { message: null, ...timeout }, "timeout"],
    ["dots and an elapsed wait", { message: "...", platform_event: "skip_turn_wait_elapsed" }, "timeout"],
    ["no platform event", { message: "...", platform_event: null }, "silence"],
    ["a contextual update", { message: "The page changed.", ...update }, "contextual_update"],
    ["an empty contextual update", { message: "", contextual_update_info: {} }, "contextual_update"],
    ["no contextual update", { message: "Hello", contextual_update_info: null }, "said"],
    ["an ignored back-channel", { message: "Mhm.", ignored_as_backchannel: true }, "backchannel"],
    ["a back-channel that was not ignored", { message: "Mhm.", ignored_as_backchannel: false }, "said"],
    ["an ignored contextual update", { message: "x", ignored_as_backchannel: true, ...update }, "contextual_update"],
  ])("with %s", (_, entry, kind) => {
    expect(kindsOf([{ role: "user", ...entry }])).toEqual([kind]);
    expect(kindsOf([{ role: "agent", ...entry }])).toEqual([kind]);
  });

  test("of another type is silence", () => {
    expect(kindsOf([null, "Hello", 7, [], [{ message: "Hello" }]])).toEqual(Array(5).fill("silence"));
  });
});

describe("a mailbox that answered", () => {
  const greeting = { role: "user", message: "Please leave a message." };
  const left = { role: "agent", message: "Please call back." };
  const spoken = { role: "user", message: "Hello? I am here." };
  const detection = (result: Readonly<Record<string, unknown>>, tool_name = "voicemail_detection") => ({
    role: "agent",
    message: null,
    tool_results: [{ request_id: "r", tool_name, type: "system", ...result }],
  });
  const proof = { result_type: "voicemail_detection_success" };
  const voicemail = metadataWith({ phone_call: { call_result: "voicemail" } });

  test("has the entries of the person's side before its detection; later ones are said, and so is the agent's", () => {
    const transcript = [greeting, left, greeting, { role: "user", message: "..." }, detection({}), left, spoken];
    const kinds = ["mailbox", "said", "mailbox", "silence", "tool", "said", "said"];
    expect(kindsOf(transcript)).toEqual(kinds);
    expect(kindsOf(transcript, { metadata: voicemail })).toEqual(kinds);
  });

  test.each([
    ["by the kind of its result", detection({ result: proof }, "is_it_a_machine"), "mailbox"],
    ["by the tool's name", detection({ is_error: false, tool_has_been_called: true }), "mailbox"],
    ["not if the detection failed", detection({ is_error: true }), "said"],
    ["not if the tool was not called", detection({ tool_has_been_called: false }), "said"],
    ["not by another kind of result", detection({ result: { result_type: "dummy" } }), "said"],
    ["not by a customer's own tool", detection({ type: "webhook" }), "said"],
    ["not by another tool", detection({}, "end_call"), "said"],
  ])("is detected %s", (_, detected, kind) => {
    expect(kindsOf([greeting, detected])).toEqual([kind, "tool"]);
  });

  test("without a detection is a mailbox to its end, if the result of the call is voicemail", () => {
    const transcript = [greeting, left, spoken, { role: "user", message: "Mhm", ignored_as_backchannel: true }];
    expect(kindsOf(transcript, { metadata: voicemail })).toEqual(["mailbox", "said", "mailbox", "backchannel"]);
    expect(kindsOf([greeting, detection({ is_error: true })], { metadata: voicemail })).toEqual(["mailbox", "tool"]);
    const answered = metadataWith({ phone_call: { call_result: "answered" } });
    expect(kindsOf([greeting], { metadata: answered })).toEqual(["said"]);
  });
});

describe("the text of an entry in several voices", () => {
  const parts = [
    { text: " Once upon a time, ", voice_label: "a" },
    { text: "" },
    { text: null },
    { text: "said the fox" },
  ];

  test.each([null, undefined, "", " ", "..."])("is that of its parts, if its message is %j", (message) => {
    expect(turnsOf([{ role: "agent", message, multivoice_message: { parts } }])).toMatchObject([
      { message: "Once upon a time, said the fox", kind: "said" },
    ]);
  });

  test.each([
    ["its message, if that has words", "Once.", { parts }, "Once.", "said"],
    ["its message, if the parts have no words", "...", { parts: [{ text: "…" }] }, "...", "silence"],
    ["null without parts", null, { parts: [] }, null, "silence"],
    ["null with parts of another type", null, { parts: "Once" }, null, "silence"],
    ["null with a part of another type", null, { parts: ["Once", null, 7, { text: {} }] }, null, "silence"],
    ["null without a message in several voices", null, null, null, "silence"],
  ])("is %s", (_, message, multivoice_message, text, kind) => {
    expect(turnsOf([{ role: "agent", message, multivoice_message }])).toMatchObject([{ message: text, kind }]);
  });
});

function kindsOf(transcript: unknown, data: Readonly<Record<string, unknown>> = {}): string[] {
  return turnsOf(transcript, data).map(({ kind }) => kind);
}

function turnsOf(transcript: unknown, data: Readonly<Record<string, unknown>> = {}) {
  const event = readEvent(aTranscription({ ...data, transcript }));
  if (event.kind === "unrouted") throw new Error(event.reason);
  return transcriptOf(event);
}
