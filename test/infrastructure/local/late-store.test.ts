import { setTimeout } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { signature } from "../../../handlers/receive/signature.ts";
import { bytesInFlight } from "../../../infrastructure/local/bytes-in-flight.ts";
import { type HttpReceiverDeps, respondTo } from "../../../infrastructure/local/http-receiver.ts";
import { serveHttp } from "../../../infrastructure/local/http-server.client.ts";

const BODY = "{}";
const HEADERS = { "elevenlabs-signature": signature(Buffer.from(BODY), "wsec_test", new Date()) };

/** Posts to a receiver that answers after 30 ms, and has this result after 150. Returns the status and the queued keys. */
async function posted(late: Awaited<ReturnType<HttpReceiverDeps["receive"]>>) {
  const queued: string[] = [];
  const deps: HttpReceiverDeps = {
    async receive() {
      await setTimeout(150);
      return late;
    },
    storeTimeoutMs: 30,
    log: () => {},
    onStored: (key) => void queued.push(key),
    health: async () => ({ status: "ok", pending: 0, failed: 0, waiting: 0 }),
    maxBodyBytes: 1_000,
    inFlight: bytesInFlight(1_000),
    bodyIdleMs: 1_000,
  };
  const server = await serveHttp(
    (incoming, allowBody) => respondTo(incoming, deps, allowBody),
    { host: "127.0.0.1", port: 0 },
    () => {},
  );
  onTestFinished(() => server.close());
  const { status } = await fetch(`${server.url}/post-call`, { method: "POST", headers: HEADERS, body: BODY });
  return { status, queued };
}

test("a delivery that is stored after its answer is queued, too", async () => {
  const { status, queued } = await posted({ status: "stored", key: "a/conv_1.json" });
  expect([status, queued]).toEqual([500, []]);
  await expect.poll(() => queued).toEqual(["a/conv_1.json"]);
});

test("a delivery that is refused after its answer is not queued", async () => {
  const { status, queued } = await posted({ status: "refused", reason: "wrong signature" });
  await setTimeout(250);
  expect([status, queued]).toEqual([500, []]);
});
