import { expect, test } from "vitest";
import { KeyNotSet } from "../../../handlers/clients/credentials/api-key.ts";
import { receiveWebhook } from "../../../handlers/receive/receive.ts";
import { secretsIn } from "../../../handlers/receive/secrets-in.ts";
import { signature } from "../../../handlers/receive/signature.ts";
import { memoryArchive } from "../../support/doubles/memory-archive.ts";
import { aFailure, anAudio, aTranscription, bodyOf, metadataWith } from "../../support/fixtures/events.ts";

const NOW = new Date("2026-11-20T10:05:00Z");
const SECRET = "wsec_test";

async function deliver(body: Buffer, { signedAt = NOW, archive = memoryArchive() } = {}) {
  const header = signature(body, SECRET, signedAt);
  const from = { archive, secrets: async () => [SECRET], toleranceSeconds: 1800, now: () => NOW };
  const reception = await receiveWebhook({ signature: header, body }, from);
  return { reception, archive, header };
}

const keyFor = async (body: Buffer) => {
  const { reception, archive } = await deliver(body);
  const [stored] = [...archive.objects.values()];
  expect(stored?.body.equals(body)).toBe(true);
  expect(reception).toMatchObject({ key: stored?.key });
  return { status: reception.status, key: stored?.key };
};

test("stores a transcription's bytes under its caller and conversation", async () => {
  const body = aTranscription();
  const { reception, archive, header } = await deliver(body);
  const key = "12025550101/conv_1.json";
  expect(reception).toEqual({ status: "stored", key });
  expect(archive.objects.get(key)).toMatchObject({
    body,
    metadata: { source: "webhook", "received-at": NOW.toISOString(), "elevenlabs-signature": header },
  });
});

test("stores audio under _audio/, since it contains no caller, and failures beside the call", async () => {
  expect(await keyFor(anAudio())).toEqual({ status: "stored", key: "_audio/conv_1.json" });
  expect(await keyFor(aFailure())).toEqual({ status: "stored", key: "442079460100/conv_1.failure.json" });
});

test("stores nothing that is not signed", async () => {
  const archive = memoryArchive();
  const from = { archive, secrets: async () => [SECRET], toleranceSeconds: 1800, now: () => NOW };
  const header = signature(aTranscription(), SECRET, NOW);
  expect(await receiveWebhook({ signature: header, body: anAudio() }, from)).toEqual({
    status: "refused",
    reason: "wrong signature",
  });
  expect(await receiveWebhook({ signature: undefined, body: anAudio() }, from)).toMatchObject({ status: "refused" });
  expect(archive.objects.size).toBe(0);
});

test.each([[""], [" , "], ["not set yet"]])(
  "fails while no secret is set, so that the sender retries: %j",
  async (text) => {
    const archive = memoryArchive();
    const from = { archive, secrets: async () => secretsIn(text), toleranceSeconds: 1800, now: () => NOW };
    const body = aTranscription();
    for (const secret of ["", "not set yet", SECRET])
      await expect(receiveWebhook({ signature: signature(body, secret, NOW), body }, from)).rejects.toThrow(KeyNotSet);
    expect(archive.objects.size).toBe(0);
  },
);

test("quarantines a stale but genuine delivery", async () => {
  const { reception } = await deliver(aTranscription(), { signedAt: new Date("2026-11-20T09:00:00Z") });
  expect(reception).toMatchObject({
    status: "quarantined",
    key: "_quarantine/post_call_transcription/conv_1.json",
  });
});

test.each([
  ["not JSON", Buffer.from("hello"), /^_other\/not-json\/[0-9a-f]{64}\.json$/],
  ["empty", Buffer.alloc(0), /^_other\/not-json\/[0-9a-f]{64}\.json$/],
  ["not UTF-8", Buffer.from([0xff, 0xfe, 0x7b, 0x7d]), /^_other\/not-json\/[0-9a-f]{64}\.json$/],
  ["nested too deep", Buffer.from("[".repeat(100_000)), /^_other\/not-json\/[0-9a-f]{64}\.json$/],
  ["an array", Buffer.from("[1, 2]"), /^_other\/untyped\/[0-9a-f]{64}\.json$/],
  ["a number", Buffer.from("7"), /^_other\/untyped\/[0-9a-f]{64}\.json$/],
  ["without a type", Buffer.from('{"data": {"conversation_id": "conv_1"}}'), /^_other\/untyped\/conv_1\.json$/],
  [
    "of an unknown type",
    bodyOf("answering_machine_detection", { conversation_id: "conv_1" }),
    /^_other\/answering_machine_detection\/conv_1\.json$/,
  ],
  [
    "of a type that is a path",
    bodyOf("../../etc", { conversation_id: "conv_1" }),
    /^_other\/etc-[0-9a-f]{8}\/conv_1\.json$/,
  ],
  [
    "of a type that is an object",
    Buffer.from('{"type": {"a": 1}, "data": {}}'),
    /^_other\/untyped\/[0-9a-f]{64}\.json$/,
  ],
  [
    "without an id",
    bodyOf("post_call_transcription", { agent_id: "a" }),
    /^_other\/post_call_transcription\/[0-9a-f]{64}\.json$/,
  ],
  ["without data", Buffer.from('{"type": "post_call_audio"}'), /^_other\/post_call_audio\/[0-9a-f]{64}\.json$/],
  [
    "whose data is null",
    bodyOf("call_initiation_failure", null),
    /^_other\/call_initiation_failure\/[0-9a-f]{64}\.json$/,
  ],
])("stores a signed body that is %s as unrouted, under _other/", async (_, body, key) => {
  const { status, key: actual } = await keyFor(body);
  expect(status).toBe("unrouted");
  expect(actual).toMatch(key);
});

test.each([
  ["../../etc/passwd", /^12025550101\/etc-passwd-[0-9a-f]{8}\.json$/],
  ["x".repeat(10_000), /^12025550101\/x{119}-[0-9a-f]{8}\.json$/],
  ["🙂", /^12025550101\/[0-9a-f]{8}\.json$/],
  ["conv 1", /^12025550101\/conv-1-[0-9a-f]{8}\.json$/],
  ["..", /^12025550101\/[0-9a-f]{8}\.json$/],
  ["conv_1.failure", /^12025550101\/conv_1-failure-[0-9a-f]{8}\.json$/],
  [42, /^12025550101\/42\.json$/],
])("stores the conversation id %j inside its prefix", async (conversation_id, key) => {
  expect((await keyFor(aTranscription({ conversation_id }))).key).toMatch(key);
});

test("stores a call whose optional fields are all missing or null", async () => {
  expect((await keyFor(aTranscription({ metadata: null, analysis: null, transcript: null }))).key).toBe(
    "anonymous/conv_1.json",
  );
  expect((await keyFor(bodyOf("post_call_transcription", { conversation_id: "conv_1" }))).key).toBe(
    "anonymous/conv_1.json",
  );
  expect((await keyFor(aTranscription({ metadata: metadataWith({ phone_call: null }), user_id: "anna" }))).key).toBe(
    "user-anna/conv_1.json",
  );
});

test("finds the ids of a body whose recording is large, escaped or before them", async () => {
  const audio = "A".repeat(400_000);
  const before = Buffer.from(
    `{"data": {"full_audio": "${audio}", "conversation_id": "conv_1"}, "type": "post_call_audio"}`,
  );
  expect((await keyFor(before)).key).toBe("_audio/conv_1.json");
  const tricky = Buffer.from(
    `{"type": "post_call_audio", "data": {"a": "\\\\", "b": "\\"\\\\\\"", "full_audio": "${audio}\\\\\\"", "conversation_id": "conv_1"}}`,
  );
  expect((await keyFor(tricky)).key).toBe("_audio/conv_1.json");
});

test("throws when the archive cannot store", async () => {
  const archive = { ...memoryArchive(), put: () => Promise.reject(new Error("disk full")) };
  await expect(deliver(aTranscription(), { archive })).rejects.toThrow("disk full");
});

test("stores one object, with the signed bytes, for fifty concurrent deliveries", async () => {
  const archive = memoryArchive();
  const body = aTranscription();
  const receptions = await Promise.all(Array.from({ length: 50 }, () => deliver(body, { archive })));
  expect(receptions.every(({ reception }) => reception.status === "stored")).toBe(true);
  expect([...archive.objects.keys()]).toEqual(["12025550101/conv_1.json"]);
});

test.each([
  ["contains characters that metadata may not contain", (header: string) => `${header},v2=Zoë`],
  ["is longer than metadata may be", (header: string) => `${header},v2=${"x".repeat(4_000)}`],
])("keeps the parts that verification needs of a header that %s", async (_, changed) => {
  const archive = memoryArchive();
  const header = signature(aTranscription(), SECRET, NOW);
  const from = { archive, secrets: async () => [SECRET], toleranceSeconds: 1800, now: () => NOW };
  await receiveWebhook({ signature: changed(header), body: aTranscription() }, from);
  const kept = (await archive.get("12025550101/conv_1.json"))?.metadata["elevenlabs-signature"];
  expect(kept).toBe(header);
});
