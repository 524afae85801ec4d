import { expect, onTestFinished, test } from "vitest";
import type { ElevenLabsOptions } from "../../../../handlers/clients/elevenlabs/elevenlabs-api.client.ts";
import { elevenLabsWebhooks } from "../../../../handlers/clients/elevenlabs/elevenlabs-webhooks.client.ts";
import { virtualClock } from "../../../support/fixtures/virtual-clock.ts";
import { elevenLabsServer } from "../../../support/servers/elevenlabs-server.ts";

const WEBHOOKS = "/v1/workspace/webhooks";
const SETTINGS = "/v1/convai/settings";

/** A webhook with the fields of the types of ElevenLabs' SDK 2.73.0. */
const WEBHOOK = {
  name: "archive",
  webhook_id: "wh_1",
  webhook_url: "https://archive.example.com/post-call",
  is_disabled: false,
  is_auto_disabled: true,
  created_at_unix: 1_763_000_000,
  auth_type: "hmac",
  usage: [{ usage_type: "ConvAI Settings" }],
  retry_enabled: true,
  most_recent_failure_error_code: 500,
  most_recent_failure_timestamp: 1_763_640_000,
};

/** A server that answers with these two, and the client. */
async function aSource(webhooks?: unknown, settings?: unknown) {
  const server = await elevenLabsServer({ apiKey: "sk_test" });
  onTestFinished(() => server.close());
  if (webhooks !== undefined) server.settings.set(WEBHOOKS, webhooks);
  if (settings !== undefined) server.settings.set(SETTINGS, settings);
  const source = (more: Partial<ElevenLabsOptions> = {}, now = () => new Date()) =>
    elevenLabsWebhooks({ apiKey: "sk_test", baseUrl: server.url, clock: virtualClock(), ...more }, now);
  return { server, source };
}

test("reads the webhooks and what is sent after a call", async () => {
  const webhooks = {
    post_call_webhook_id: "wh_1",
    events: ["transcript", "audio"],
    transcript_format: "json",
    exclude_transcript: true,
    send_audio: true,
  };
  const { server, source } = await aSource({ webhooks: [WEBHOOK] }, { webhooks });
  expect(await source().state()).toEqual({
    webhooks: [
      {
        id: "wh_1",
        name: "archive",
        url: "https://archive.example.com/post-call",
        isDisabled: false,
        isAutoDisabled: true,
        isRetrying: true,
        authType: "hmac",
        lastFailureCode: 500,
        lastFailureAt: new Date("2025-11-20T12:00:00Z"),
      },
    ],
    settings: {
      webhookId: "wh_1",
      events: ["transcript", "audio"],
      isAudioSent: true,
      isTranscriptLeftOut: true,
      transcriptFormat: "json",
    },
    clockAheadSecs: expect.closeTo(0, -1),
  });
  expect(server.requests.map(({ path, query }) => `${path}?${query}`)).toEqual([
    `${WEBHOOKS}?include_usages=true`,
    `${SETTINGS}?`,
  ]);
});

test.each([
  ["is absent", [{}], {}],
  ["is null", [{ webhook_id: null, most_recent_failure_timestamp: null, retry_enabled: null }], { webhooks: null }],
  [
    "is of another type",
    [null, "wh", { most_recent_failure_timestamp: 1e300 }],
    { webhooks: { events: "transcript" } },
  ],
  ["is empty", [{ name: " ", auth_type: "" }], { webhooks: { post_call_webhook_id: "" } }],
])("reads as absent what %s", async (_, webhooks, settings) => {
  const { source } = await aSource({ webhooks }, settings);
  const absent = {
    id: "",
    name: null,
    url: "",
    isDisabled: false,
    isAutoDisabled: false,
    isRetrying: null,
    authType: null,
    lastFailureCode: null,
    lastFailureAt: null,
  };
  expect(await source().state()).toMatchObject({
    webhooks: webhooks.map(() => absent),
    settings: { webhookId: null, events: null, isAudioSent: false, isTranscriptLeftOut: false },
  });
});

test("returns how far ElevenLabs' clock is ahead", async () => {
  const { source } = await aSource({ webhooks: [] }, {});
  const anHourAgo = () => new Date(Date.now() - 3_600_000);
  const { clockAheadSecs } = await source({}, anHourAgo).state();
  expect(Math.abs((clockAheadSecs ?? 0) - 3600)).toBeLessThan(30);
});

test.each([
  ["there are no webhooks", undefined, {}, "could not read the webhooks: ElevenLabs answered without a list"],
  ["they are not a list", { webhooks: {} }, {}, "could not read the webhooks: ElevenLabs answered without a list"],
  ["there are no settings", { webhooks: [] }, undefined, "could not read the settings of agents: ElevenLabs answered"],
])("fails if %s, so that no webhook seems to be chosen", async (_, webhooks, settings, message) => {
  const { source } = await aSource(webhooks, settings);
  await expect(source().state()).rejects.toThrow(message);
});

test("fails if the key is refused, or if the answer is not JSON", async () => {
  const { server, source } = await aSource({ webhooks: [] }, {});
  await expect(source({ apiKey: "sk_other" }).state()).rejects.toMatchObject({ name: "ServiceRefused", status: 401 });
  server.fail({ does: "answer", status: 200, body: "<html>" });
  await expect(source({ retries: 0 }).state()).rejects.toThrow("the answer is not JSON");
});

const SETTINGS_OF_ONE = { webhooks: { post_call_webhook_id: "wh_1", events: ["transcript"] } };

test("reads the same with a key that is not an admin's, without the usages of webhooks", async () => {
  const server = await elevenLabsServer({ isAdmin: false });
  onTestFinished(() => server.close());
  server.settings.set(WEBHOOKS, { webhooks: [WEBHOOK] });
  server.settings.set(SETTINGS, SETTINGS_OF_ONE);
  const source = elevenLabsWebhooks({ apiKey: "sk_test", baseUrl: server.url }, () => new Date());
  expect(await source.state()).toMatchObject({ webhooks: [{ id: "wh_1" }], settings: { webhookId: "wh_1" } });
});

test.each([
  ["webhooks", WEBHOOKS, { settings: { webhookId: "wh_1" } }],
  ["settings", SETTINGS, { webhooks: [{ id: "wh_1" }] }],
] as const)("reports what the key may not read, and reads the rest: %s", async (part, path, rest) => {
  const { server, source } = await aSource({ webhooks: [WEBHOOK] }, SETTINGS_OF_ONE);
  server.fail({ does: "answer", status: 403 }, { on: new RegExp(path), times: 2 });
  const state = await source().state();
  expect(state).toMatchObject({ ...rest, [part]: { unseen: expect.stringContaining("ElevenLabs answered 403") } });
  expect(state.clockAheadSecs).toEqual(expect.closeTo(0, -1));
});
