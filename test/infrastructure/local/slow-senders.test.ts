import { once } from "node:events";
import { type ClientRequest, request } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { signature } from "../../../handlers/receive/signature.ts";
import { bytesInFlight } from "../../../infrastructure/local/bytes-in-flight.ts";
import { type HttpReceiverDeps, respondTo } from "../../../infrastructure/local/http-receiver.ts";
import { serveHttp } from "../../../infrastructure/local/http-server.client.ts";

const SIGNED = { "elevenlabs-signature": signature(Buffer.alloc(0), "wsec_test", new Date()) };
const BODY = Buffer.alloc(400_000, "x");

/** A receiver that allows few bytes in flight and stalled senders little time. `store` stores each delivery. */
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
  const behind: HttpReceiverDeps = {
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
    (incoming, allowBody) => respondTo(incoming, behind, allowBody),
    { host: "127.0.0.1", port: 0 },
    (error) => cut.push(String(error)),
  );
  onTestFinished(() => server.close());
  return { url: server.url, cut, stored };
}

/** A delivery that is begun: without a stated length, as ElevenLabs sends audio. */
function aSender(url: string): { sending: ClientRequest; status: Promise<number | undefined> } {
  const sending = request(`${url}/post-call`, { method: "POST", headers: SIGNED, agent: false });
  onTestFinished(() => void sending.destroy());
  const status = new Promise<number | undefined>((resolve) => {
    sending.on("response", (response) => resolve(response.resume().statusCode));
    sending.on("error", () => resolve(undefined));
  });
  return { sending, status };
}

test("bodies that each hold a part of what is allowed do not wait for each other for ever", async () => {
  const { url, stored } = await aReceiver({ limit: 500_000, idleMs: 30_000 });
  const senders = Array.from({ length: 8 }, () => aSender(url));
  // Half of each is more than is allowed.
  for (const { sending } of senders) sending.write(BODY.subarray(0, 200_000));
  await new Promise((resolve) => setTimeout(resolve, 300));
  for (const { sending } of senders) sending.end(BODY.subarray(200_000));
  expect(await Promise.all(senders.map(({ status }) => status))).toEqual(Array(8).fill(200));
  expect(stored).toEqual(Array(8).fill(BODY.length));
});

test("reads no more while what has come waits for the disk, and refuses nobody", async () => {
  const disk = Promise.withResolvers<void>();
  const { url, stored } = await aReceiver({ limit: 300_000, idleMs: 500, store: () => disk.promise });
  const first = aSender(url);
  first.sending.end(BODY);
  await once(first.sending, "finish");
  const second = aSender(url);
  second.sending.end(Buffer.alloc(999_000));
  // Longer than a stalled sender may take: this one is not stalled, it is held up.
  const held = await Promise.race([
    second.status,
    new Promise((resolve) => setTimeout(() => resolve("held up"), 1_500)),
  ]);
  expect([held, stored]).toEqual(["held up", []]);
  disk.resolve();
  expect([await first.status, await second.status]).toEqual([200, 200]);
});

test("a sender that stalls is cut off, and those that wait for it go on", async () => {
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

test("a sender that is slow, but sends, is not cut off", async () => {
  const { url } = await aReceiver({ limit: 100_000, idleMs: 2_000 });
  const { sending, status } = aSender(url);
  for (let n = 0; n < 8; n += 1) {
    sending.write(BODY.subarray(0, 1_000));
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
  sending.end();
  expect(await status).toBe(200);
});
