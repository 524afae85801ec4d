import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { signature } from "../../../handlers/receive/signature.ts";
import { aTranscription } from "../../support/fixtures/events.ts";
import { aRunningArchive, newFolder, post, SECRET } from "../../support/fixtures/local.ts";

const MB = 1_000_000;

/** The response to a sender that sends headers and a `body`, which may be shorter than stated, and then only reads. */
async function responseTo(url: string, headers: Readonly<Record<string, string | number>>, body = Buffer.alloc(0)) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`POST /post-call HTTP/1.1\r\nhost: localhost\r\n${lines.join("")}\r\n`);
  socket.write(body);
  let text = "";
  for await (const chunk of socket) {
    text += chunk;
    if (text.endsWith("}\n")) break;
  }
  return { status: Number(text.slice(9, 12)), text };
}

test("refuses a delivery without a signature before any byte of its body has arrived", async () => {
  const { url, log } = await aRunningArchive(await newFolder());
  const { status, text } = await responseTo(url, { "content-length": 59 * MB });
  expect(status).toBe(401);
  expect(text).toContain('{"status":"refused","reason":"missing signature"}');
  expect(text.toLowerCase()).toContain("connection: close");
  expect(log).toContainEqual({ event: "refused", reason: "missing signature" });
});

test.each(["t=1,v0=ab", "v0=x", "t=now", "nonsense"])(
  "refuses the signature %j before the body has arrived",
  async (header) => {
    const { url } = await aRunningArchive(await newFolder());
    const { status, text } = await responseTo(url, { "content-length": 1000, "elevenlabs-signature": header });
    expect(status).toBe(401);
    expect(text).toContain('{"status":"refused","reason":"malformed signature"}');
  },
);

test("refuses a body whose stated length is over the limit with 413, signed or not", async () => {
  const { url } = await aRunningArchive(await newFolder(), { MAX_BODY_BYTES: "1000" });
  expect(await responseTo(url, { "content-length": 1001 })).toMatchObject({ status: 413 });
  expect(await responseTo(url, { "content-length": 1000 })).toMatchObject({ status: 401 });
});

test("does not read a refused body of 59 MB to its end", async () => {
  const { url } = await aRunningArchive(await newFolder());
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const closed = new Promise((resolve) => socket.on("error", resolve).on("close", resolve));
  socket.write(`POST /post-call HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${59 * MB}\r\n\r\n`);
  let sent = 0;
  const chunk = Buffer.alloc(MB);
  while (sent < 59 && !socket.destroyed) {
    const isFull = !socket.write(chunk);
    if (isFull) await Promise.race([new Promise((resolve) => socket.once("drain", resolve)), closed]);
    sent += 1;
  }
  await closed;
  // The operating system buffers a few megabytes for both ends.
  expect(sent).toBeLessThan(30);
});

test.each([
  ["a body of 3 MB", 3 * MB],
  ["a small body", 100],
])("a client that sends %s without a signature gets the reason of the refusal", async (_, bytes) => {
  const { url } = await aRunningArchive(await newFolder());
  const response = await fetch(`${url}/post-call`, { method: "POST", body: Buffer.alloc(bytes) });
  expect([response.status, await response.json()]).toEqual([401, { status: "refused", reason: "missing signature" }]);
});

test("a sender with Expect: 100-continue sends its body only if the delivery is not refused", async () => {
  const { url } = await aRunningArchive(await newFolder());
  const body = aTranscription();
  const expecting = async (headers: Record<string, string>) => {
    const sending = request(`${url}/post-call`, {
      method: "POST",
      headers: { expect: "100-continue", "content-length": String(body.length), ...headers },
    });
    let isAllowed = false;
    sending.on("continue", () => {
      isAllowed = true;
      sending.end(body);
    });
    sending.flushHeaders();
    const [response] = await once(sending, "response");
    response.resume();
    sending.destroy();
    return { status: response.statusCode, isAllowed };
  };
  expect(await expecting({})).toEqual({ status: 401, isAllowed: false });
  expect(await expecting({ "elevenlabs-signature": signature(body, SECRET, new Date()) })).toEqual({
    status: 200,
    isAllowed: true,
  });
});

test("accepts two deliveries on one connection", async () => {
  const { url } = await aRunningArchive(await newFolder());
  expect(await post(url, aTranscription())).toMatchObject({ status: 200 });
  expect(await post(url, aTranscription())).toMatchObject({ status: 200 });
});
