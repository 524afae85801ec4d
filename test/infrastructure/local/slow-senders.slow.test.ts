import { once } from "node:events";
import { type ClientRequest, request } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { signature } from "../../../handlers/receive/signature.ts";
import { bytesInFlight } from "../../../infrastructure/local/bytes-in-flight.ts";
import { type HttpReceiverDeps, respondTo } from "../../../infrastructure/local/http-receiver.ts";
import { serveHttp } from "../../../infrastructure/local/http-server.client.ts";

const SIGNED = { "elevenlabs-signature": signature(Buffer.alloc(0), "wsec_test", new Date()) };
const BODY = Buffer.alloc(400_000, "x");

/** A receiver with a low limit of bytes in flight and a short timeout for stalled senders. `store` is its put. */
async function aReceiver({
  limit,
  idleMs,
  store = async () => {},
}: {
  limit: number;
  idleMs: number;
  store?: () => Promise<void>;
}) {
  const cut: string[] = [];
  const stored: number[] = [];
  const deps: HttpReceiverDeps = {
    async receive({ body }) {
      await store();
      stored.push(body.length);
      return { status: "stored", key: `a/conv_${stored.length}.json` };
    },
    storeTimeoutMs: 20_000,
    log: () => {},
    onStored: () => {},
    health: async () => ({ status: "ok", pending: 0, failed: 0, waiting: 0 }),
    maxBodyBytes: 1_000_000,
    inFlight: bytesInFlight(limit),
    bodyIdleMs: idleMs,
  };
  const server = await serveHttp(
    (incoming, allowBody) => respondTo(incoming, deps, allowBody),
    { host: "127.0.0.1", port: 0 },
    (error) => cut.push(String(error)),
  );
  onTestFinished(() => server.close());
  return { url: server.url, cut, stored };
}

/** Begins a delivery without a stated length, as ElevenLabs sends audio. */
function aSender(url: string): { sending: ClientRequest; status: Promise<number | undefined> } {
  const sending = request(`${url}/post-call`, { method: "POST", headers: SIGNED, agent: false });
  onTestFinished(() => void sending.destroy());
  const status = new Promise<number | undefined>((resolve) => {
    sending.on("response", (response) => resolve(response.resume().statusCode));
    sending.on("error", () => resolve(undefined));
  });
  return { sending, status };
}

test("bodies that together are over the limit do not wait for each other forever", async () => {
  const { url, stored } = await aReceiver({ limit: 500_000, idleMs: 30_000 });
  const senders = Array.from({ length: 8 }, () => aSender(url));
  // The halves together are more than the limit.
  for (const { sending } of senders) sending.write(BODY.subarray(0, 200_000));
  await new Promise((resolve) => setTimeout(resolve, 300));
  for (const { sending } of senders) sending.end(BODY.subarray(200_000));
  expect(await Promise.all(senders.map(({ status }) => status))).toEqual(Array(8).fill(200));
  expect(stored).toEqual(Array(8).fill(BODY.length));
});

test("pauses senders while received bytes wait for the disk, and refuses none", async () => {
  const disk = Promise.withResolvers<void>();
  const { url, stored } = await aReceiver({ limit: 300_000, idleMs: 500, store: () => disk.promise });
  const first = aSender(url);
  first.sending.end(BODY);
  await once(first.sending, "finish");
  const second = aSender(url);
  second.sending.end(Buffer.alloc(999_000));
  // Longer than the timeout for stalled senders, which does not apply to a paused one.
  const result = await Promise.race([
    second.status,
    new Promise((resolve) => setTimeout(() => resolve("paused"), 1_500)),
  ]);
  expect([result, stored]).toEqual(["paused", []]);
  disk.resolve();
  expect([await first.status, await second.status]).toEqual([200, 200]);
});

test("disconnects a sender that stalls, and those that wait for it continue", async () => {
  const { url, cut } = await aReceiver({ limit: 100_000, idleMs: 400 });
  const stalled = aSender(url);
  stalled.sending.write(BODY.subarray(0, 150_000));
  await new Promise((resolve) => setTimeout(resolve, 100));
  const waiting = aSender(url);
  waiting.sending.end(BODY);
  expect(await waiting.status).toBe(200);
  expect(await stalled.status).toBeUndefined();
  expect(cut).toEqual([expect.stringContaining("the sender sent nothing for 400 ms in the middle of its body")]);
});

test("does not disconnect a slow sender", async () => {
  const { url } = await aReceiver({ limit: 100_000, idleMs: 2_000 });
  const { sending, status } = aSender(url);
  for (let n = 0; n < 8; n += 1) {
    sending.write(BODY.subarray(0, 1_000));
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
  sending.end();
  expect(await status).toBe(200);
});
