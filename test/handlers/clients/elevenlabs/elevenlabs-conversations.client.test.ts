import { expect, onTestFinished, test } from "vitest";
import { elevenLabsConversations } from "../../../../handlers/clients/elevenlabs/elevenlabs-conversations.client.ts";
import { ServiceRefused, ServiceUnavailable } from "../../../../handlers/clients/http/service-errors.ts";
import { virtualClock } from "../../../support/fixtures/virtual-clock.ts";
import { elevenLabsServer } from "../../../support/servers/elevenlabs-server.ts";

const DAY = { from: new Date("2026-11-20T00:00:00Z"), until: new Date("2026-11-21T00:00:00Z") };
const LIST = { on: /conversations$/ };

/** A server in place of ElevenLabs, the client, and its clock. */
async function made(longestPauseMs?: number) {
  const server = await elevenLabsServer({ apiKey: "sk_test" });
  onTestFinished(server.close);
  const clock = virtualClock();
  const options = { apiKey: "sk_test", baseUrl: server.url, clock, retries: 2 };
  const source = elevenLabsConversations({ ...options, ...(longestPauseMs !== undefined && { longestPauseMs }) });
  const list = (more = {}) => Array.fromAsync(source.list({ ...DAY, ...more }));
  /** Answers the next request for a page with `page`. */
  const answerPage = (page: unknown) => server.fail({ does: "answer", status: 200, body: JSON.stringify(page) }, LIST);
  return { server, clock, source, list, answerPage };
}

/** A conversation as ElevenLabs stores it, which began `seconds` after the start of the day. */
function conversation(id: string, seconds: number, more = {}): string {
  const metadata = { start_time_unix_secs: DAY.from.getTime() / 1000 + seconds, call_duration_secs: 12 };
  return JSON.stringify({ conversation_id: id, agent_id: "agent_1", status: "done", metadata, ...more });
}

test("lists every conversation of the window once, the oldest first, over all pages", async () => {
  const { server, list } = await made();
  const ids = Array.from({ length: 250 }, (_, n) => `conv_${n}`);
  for (const [n, id] of ids.toReversed().entries()) server.conversations.set(id, conversation(id, 249 - n));
  expect((await list()).map(({ conversationId }) => conversationId)).toEqual(ids);
  expect(server.requests.map(({ query }) => query.get("page_size"))).toEqual(["100", "100", "100"]);
});

test("leaves out conversations that began a second before the window, or at its end", async () => {
  const { server, list } = await made();
  for (const [id, seconds] of Object.entries({ before: -1, first: 0, last: 86_399, after: 86_400 })) {
    server.conversations.set(id, conversation(id, seconds));
  }
  expect((await list()).map(({ conversationId }) => conversationId)).toEqual(["first", "last"]);
});

test("lists only one agent's conversations on request", async () => {
  const { server, list } = await made();
  server.conversations.set("conv_1", conversation("conv_1", 1));
  server.conversations.set("conv_2", conversation("conv_2", 2, { agent_id: "agent 2" }));
  expect(await list({ agentId: "agent 2" })).toMatchObject([{ conversationId: "conv_2", agentId: "agent 2" }]);
});

test("returns the fields of each conversation, and whether it is finished", async () => {
  const { server, list } = await made();
  for (const [n, status] of ["initiated", "in-progress", "processing", "done", "failed", "new"].entries()) {
    server.conversations.set(status, conversation(status, n, { status }));
  }
  const listed = await list();
  expect(listed[3]).toEqual({
    conversationId: "done",
    agentId: "agent_1",
    startedAt: new Date("2026-11-20T00:00:03Z"),
    durationSecs: 12,
    isFinished: true,
  });
  expect(listed.filter(({ isFinished }) => isFinished).map(({ conversationId }) => conversationId)).toEqual([
    "done",
    "failed",
  ]);
});

test("keeps conversations without an id or a start time", async () => {
  const { list, answerPage } = await made();
  const conversations = [
    { start_time_unix_secs: DAY.from.getTime() / 1000 },
    { conversation_id: "conv_1" },
    { conversation_id: "conv_2", start_time_unix_secs: 1e20 },
    null,
  ];
  answerPage({ conversations, has_more: false, next_cursor: null });
  expect((await list()).map(({ conversationId, startedAt }) => [conversationId, startedAt])).toEqual([
    ["", DAY.from],
    ["conv_1", null],
    ["conv_2", null],
    ["", null],
  ]);
});

test.each([
  ["has no list", { detail: "maintenance" }, "answered without a list"],
  ["has more but no cursor", { conversations: [], has_more: true, next_cursor: null }, "answered has_more"],
])("does not take an answer that %s for the end of the list", async (_, page, message) => {
  const { list, answerPage } = await made();
  answerPage(page);
  await expect(list()).rejects.toThrow(new RegExp(`^could not list conversations: ElevenLabs .*${message}`));
});

test("fails if ElevenLabs returns the same page twice", async () => {
  const { list, answerPage } = await made();
  for (let n = 0; n < 2; n += 1) answerPage({ conversations: [], has_more: true, next_cursor: "again" });
  await expect(list()).rejects.toThrow("the same page twice");
});

test("the error has advice if the address is not that of ElevenLabs' API", async () => {
  const { server, list } = await made();
  server.fail({ does: "answer", status: 404 }, LIST);
  await expect(list()).rejects.toThrow("check ELEVENLABS_API_URL");
  server.fail({ does: "answer", status: 200, body: "<html>" }, { ...LIST, times: 3 });
  const error = await list().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ServiceUnavailable);
  expect(error).toHaveProperty("message", "could not list conversations: the answer is not JSON");
});

test("pauses as long as a 429 requests, also in the middle of the list, up to the longest pause", async () => {
  const { server, list, clock } = await made(60_000);
  for (let n = 0; n < 150; n += 1) server.conversations.set(`conv_${n}`, conversation(`conv_${n}`, n));
  const wait = (seconds: string) => server.fail({ does: "answer", status: 429, headers: { "retry-after": seconds } });
  wait("45");
  wait("3600");
  expect(await list()).toHaveLength(150);
  expect(clock.slept).toEqual([45_000, 60_000]);
});

test.each([401, 403])("a %d advises to check the key, and is not retried", async (status) => {
  const { server, list } = await made();
  server.fail({ does: "answer", status });
  const error = await list().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ServiceRefused);
  const message = `could not list conversations: ElevenLabs answered ${status}: check ELEVENLABS_API_KEY`;
  expect(error).toHaveProperty("message", message);
  expect(server.requests).toHaveLength(1);
});

test("returns a conversation as sent, byte for byte", async () => {
  const { server, source } = await made();
  const sent = '{ "conversation_id":"conv_1", "cost": 1.50, "name": "Zo\\u00eb Zoë", "user_id": null }\n';
  server.conversations.set("conv_1", sent);
  expect(String(await source.conversation("conv_1"))).toBe(sent);
  expect(await source.conversation("conv_2")).toBeUndefined();
});

test("requests a conversation again after its answer was cut", async () => {
  const { server, source } = await made();
  server.conversations.set("conv_1", conversation("conv_1", 1));
  server.fail({ does: "cut body", afterBytes: 20 });
  expect(String(await source.conversation("conv_1"))).toBe(conversation("conv_1", 1));
});

test("an id of any characters stays one part of the path", async () => {
  const { server, source } = await made();
  await source.conversation("../a b/?");
  expect(server.requests[0]?.path).toBe("/v1/convai/conversations/..%2Fa%20b%2F%3F");
});
