import { expect, onTestFinished, test } from "vitest";
import { elevenLabsAgents } from "../../../../handlers/clients/elevenlabs/elevenlabs-agents.client.ts";
import { virtualClock } from "../../../support/fixtures/virtual-clock.ts";
import { anAgent } from "../../../support/fixtures/webhooks.ts";
import { elevenLabsServer } from "../../../support/servers/elevenlabs-server.ts";

/** A server with these agents, and the client. */
async function aSource(agents: readonly ReturnType<typeof anAgent>[], pageSize = 100) {
  const server = await elevenLabsServer({ apiKey: "sk_test", pageSize });
  onTestFinished(() => server.close());
  for (const agent of agents) server.agents.set(agent.agent_id, agent);
  const options = { apiKey: "sk_test", baseUrl: server.url, clock: virtualClock(), retries: 1 };
  return { server, source: elevenLabsAgents(options), other: elevenLabsAgents({ ...options, apiKey: "sk_other" }) };
}

const ONE_OF_MANY = (_: unknown, index: number) => anAgent(`a${index}`);

test("reads each agent's own webhooks, and whether ElevenLabs stores its calls", async () => {
  const own = { post_call_webhook_id: "wh_2", events: ["transcript"], transcript_format: "json", send_audio: null };
  const { source } = await aSource([anAgent("a1", own), anAgent("a2", null, { zero_retention_mode: true })]);
  expect(await source.agents()).toEqual({
    agents: [
      {
        id: "a1",
        name: "Agent a1",
        own: {
          webhookId: "wh_2",
          events: ["transcript"],
          transcriptFormat: "json",
          isAudioSent: false,
          isTranscriptLeftOut: false,
        },
        isZeroRetention: false,
      },
      { id: "a2", name: "Agent a2", own: null, isZeroRetention: true },
    ],
    refused: 0,
    isAll: true,
  });
});

test.each([null, {}, [], "x", { workspace_overrides: { webhooks: "x" }, privacy: [] }])(
  "an agent with the settings %j uses the settings of the workspace",
  async (platform_settings) => {
    const { server, source } = await aSource([anAgent("a1")]);
    server.agents.set("a1", { agent_id: "a1", platform_settings });
    expect((await source.agents()).agents).toEqual([{ id: "a1", name: null, own: null, isZeroRetention: false }]);
  },
);

test.each([
  [500, true],
  [501, false],
])("reads at most 500 agents over all pages: of %d", async (count, isAll) => {
  const { server, source } = await aSource(Array.from({ length: count }, ONE_OF_MANY));
  const found = await source.agents();
  expect([found.agents.length, found.isAll]).toEqual([500, isAll]);
  expect(server.requests.filter(({ path }) => path === "/v1/convai/agents").length).toBe(count > 500 ? 6 : 5);
});

test("reads no further agent when there is no time", async () => {
  const { server, source } = await aSource(Array.from({ length: 9 }, ONE_OF_MANY), 3);
  let left = 4;
  expect(await source.agents(() => left-- > 0)).toMatchObject({ agents: { length: 4 }, isAll: false });
  expect(server.requests.filter(({ path }) => path.startsWith("/v1/convai/agents/"))).toHaveLength(4);
});

test("counts agents that the key may not read, and leaves out one that was deleted meanwhile", async () => {
  const { server, source } = await aSource(Array.from({ length: 4 }, ONE_OF_MANY));
  server.fail({ does: "answer", status: 403 }, { on: /a1$/ });
  server.fail({ does: "answer", status: 404 }, { on: /a2$/ });
  const { agents, refused } = await source.agents();
  expect([agents.map(({ id }) => id), refused]).toEqual([["a0", "a3"], 1]);
});

test("fails if the list is refused, or an agent cannot be read", async () => {
  const { server, source, other } = await aSource([anAgent("a1")]);
  await expect(other.agents()).rejects.toMatchObject({ name: "ServiceRefused", status: 401 });
  server.fail({ does: "answer", status: 500 }, { on: /a1$/, times: 2 });
  await expect(source.agents()).rejects.toThrow("could not read agent a1: ElevenLabs answered 500");
});
