import fc from "fast-check";
import { expect, test } from "vitest";
import { isFinal, StepsFailed } from "../../handlers/process/process.ts";
import { receiveWebhook } from "../../handlers/receive/receive.ts";
import { signature } from "../../handlers/receive/signature.ts";
import { bytesOf, changedBody } from "../support/fixtures/arbitrary-bodies.ts";
import { aTranscription, MP3 } from "../support/fixtures/events.ts";
import { runs } from "../support/fixtures/fuzz-runs.ts";
import { aWorld, NOW } from "../support/fixtures/world.ts";

const SECRET = "wsec_test";
const FROM = { secrets: async () => [SECRET], toleranceSeconds: 1800, now: () => NOW };
const TOO_LONG_AGO = new Date(NOW.getTime() - 3_600_000);

test("every signed body is stored byte for byte, and processed or dead-lettered with a final error", async () => {
  await fc.assert(
    fc.asyncProperty(changedBody, fc.boolean(), async (changed, isLate) => {
      const world = aWorld();
      const body = bytesOf(changed);
      const delivery = { body, signature: signature(body, SECRET, isLate ? TOO_LONG_AGO : NOW) };

      const reception = await receiveWebhook(delivery, { ...FROM, archive: world.archive });
      if (reception.status === "refused") throw new Error(`it was refused: ${reception.reason}`);
      expect(reception.status === "stored" && isLate).toBe(false);
      expect(world.archive.objects.get(reception.key)?.body.equals(body)).toBe(true);

      const outcome = await world.process(reception.key).catch((error: unknown) => error);
      if (outcome instanceof Error) {
        expect(isFinal(outcome), `${outcome.name}: ${outcome.message}`).toBe(true);
        expect(outcome).toBeInstanceOf(StepsFailed);
        expect(outcome).toMatchObject({ failed: ["audio"] });
      } else {
        expect(outcome).toMatchObject({ outcome: "processed" });
      }
      const table = reception.status === "stored" ? "conversations" : "unrouted";
      if (!reception.key.startsWith("_audio/")) expect(await world.rows(table)).toHaveLength(1);
    }),
    runs(150),
  );
});

/** Any value in the place of an MP3's base64. */
const anyAudio = fc.oneof(
  fc.constant(MP3.toString("base64")),
  fc.uint8Array().map((bytes) => Buffer.from(bytes).toString("base64")),
  fc.uint8Array().map((bytes) => Buffer.concat([MP3, bytes]).toString("base64")),
  fc.base64String(),
  fc.jsonValue(),
);

test("a call with any value as its recording has its rows and memories", async () => {
  await fc.assert(
    fc.asyncProperty(anyAudio, async (full_audio) => {
      const world = aWorld();
      const outcome = await world.take(aTranscription({ full_audio })).catch((error: unknown) => error);
      if (outcome instanceof Error) expect(outcome).toMatchObject({ isFinal: true, failed: ["audio"] });
      expect(await world.rows("conversations")).toHaveLength(1);
      expect(await world.rows("turns")).toHaveLength(2);
      expect(await world.rows("recordings")).toHaveLength([...world.archive.objects.keys()].filter(isMp3).length);
      expect(world.memories.all).toHaveLength(2);
    }),
    runs(100),
  );
});

function isMp3(key: string): boolean {
  return key.endsWith(".mp3");
}
