import { expect, test } from "vitest";
import { sha256 } from "../../../handlers/call/digest.ts";
import { readEvent } from "../../../handlers/call/event.ts";
import { indexKey, mp3Key, parsedKey, rawKey } from "../../../handlers/call/keys.ts";
import { quarantineKey } from "../../../handlers/call/kinds/unrouted.ts";
import { aFailure, anAudio, aTranscription, bodyOf } from "../../support/fixtures/events.ts";

const keyOf = (body: Buffer) => rawKey(readEvent(body), body, undefined);

test.each([
  ["a transcription", aTranscription(), "12025550101/conv_1.json"],
  ["audio", anAudio(), "_audio/conv_1.json"],
  ["a failure", aFailure(), "442079460100/conv_1.failure.json"],
  ["an unknown type", bodyOf("unredacted_audio", { conversation_id: "conv_1" }), "_other/unredacted_audio/conv_1.json"],
  [
    "a known type without an id",
    bodyOf("post_call_audio", {}),
    expect.stringMatching(/^_other\/post_call_audio\/[0-9a-f]{64}\.json$/),
  ],
])("%s gets its key", (_, body, key) => {
  expect(keyOf(body)).toEqual(key);
});

test("the key of a body without a conversation id contains the hash of its bytes", () => {
  const body = Buffer.from("not JSON");
  expect(keyOf(body)).toBe(`_other/not-json/${sha256(body)}.json`);
  expect(quarantineKey(readEvent(body), body)).toBe(`_quarantine/not-json/${sha256(body)}.json`);
});

test("the quarantine key of a stale delivery contains its type", () => {
  const body = aTranscription();
  expect(quarantineKey(readEvent(body), body)).toBe("_quarantine/post_call_transcription/conv_1.json");
});

test.each(["../../etc/passwd", "a/b", "👩‍🚒", "x".repeat(10_000), ".."])(
  "the key of the id %.20j stays in its prefix",
  (conversation_id) => {
    const bodies = [aTranscription({ conversation_id }), anAudio({ conversation_id }), aFailure({ conversation_id })];
    for (const key of [...bodies, bodyOf(conversation_id, { conversation_id })].map(keyOf)) {
      expect(key).toMatch(/^(\d+|_audio|_other\/[\w-]{1,128})\/[\w-]{1,128}(\.failure)?\.json$/);
      expect(key.length).toBeLessThan(300);
    }
    const [transcription, audio] = bodies.map((body) => parsedKey(keyOf(body))?.conversation);
    expect(transcription).toBe(audio);
  },
);

test("a key contains the kind, the conversation and the caller", () => {
  const conversation = "conv_1";
  expect(parsedKey("1612/conv_1.json")).toEqual({ kind: "transcription", conversation, caller: "1612" });
  expect(parsedKey("anonymous/conv_1.failure.json")).toEqual({ kind: "failure", conversation, caller: "anonymous" });
  expect(parsedKey("user-x_1/conv_1.json")).toEqual({ kind: "transcription", conversation, caller: "user-x_1" });
  expect(parsedKey("_audio/conv_1.json")).toEqual({ kind: "audio", conversation, caller: null });
});

test("each unrouted object is a separate conversation, also if its key contains a conversation id", () => {
  const keys = ["_other/x/conv_1.json", "_other/y/conv_1.json", "_quarantine/x/conv_1.json"];
  const names = keys.map((key) => parsedKey(key));
  expect(names).toMatchObject(keys.map(() => ({ kind: "unrouted", caller: null })));
  const conversations = names.map((name) => name?.conversation ?? "");
  expect(new Set([...conversations, "conv_1"]).size).toBe(4);
  for (const each of conversations) expect(each).toMatch(/^[A-Za-z0-9_-]{1,128}$/);
});

test("a part of a key may have 128 characters", () => {
  const name = "x".repeat(128);
  expect(parsedKey(`${name}/${name}.json`)).toEqual({ kind: "transcription", conversation: name, caller: name });
});

test.each([
  "1612/conv_1.mp3",
  "_index/conv_1",
  "_index/conv_1.json",
  "_other/conv_1.json",
  "_other/x/y/conv_1.json",
  "_quarantine/../conv_1.json",
  "_apart/x/conv_1.json",
  "conv_1.json",
  "a/b/conv_1.json",
  ".hidden/conv_1.json",
  "1612/.json",
  "1612/conv 1.json",
  "1612/conv_1.json.tmp",
  `1612/${"x".repeat(129)}.json`,
  `${"x".repeat(129)}/conv_1.json`,
  "",
])("the object at %j is not processed", (key) => {
  expect(parsedKey(key)).toBeUndefined();
});

test("builds the keys of the recording and of the index", () => {
  expect(mp3Key("1612/conv_1.json")).toBe("1612/conv_1.mp3");
  expect(indexKey("conv_1")).toBe("_index/conv_1");
});
