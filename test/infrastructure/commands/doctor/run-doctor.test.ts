import { expect, onTestFinished, test, vi } from "vitest";
import { runCommand } from "../../../support/fixtures/command.ts";
import { aTranscription } from "../../../support/fixtures/events.ts";
import { aRunningArchive, newFolder, post, SECRET, tree } from "../../../support/fixtures/local.ts";
import { anAgent } from "../../../support/fixtures/webhooks.ts";
import { elevenLabsServer } from "../../../support/servers/elevenlabs-server.ts";

const DOCTOR = "doctor";

const WEBHOOK = {
  name: "archive",
  webhook_id: "wh_1",
  webhook_url: "https://archive.example.com/post-call",
  is_disabled: false,
  is_auto_disabled: false,
  auth_type: "hmac",
  retry_enabled: true,
};

interface Differences {
  readonly changes?: object;
  readonly isAdmin?: boolean;
  readonly agents?: readonly ReturnType<typeof anAgent>[];
}

/** ElevenLabs with a correct webhook except for `changes`, and with these agents. */
async function anElevenLabsServer({ changes = {}, isAdmin = true, agents = [] }: Differences = {}) {
  const server = await elevenLabsServer({ apiKey: "sk_test", isAdmin });
  onTestFinished(() => server.close());
  server.settings.set("/v1/workspace/webhooks", { webhooks: [{ ...WEBHOOK, ...changes }] });
  const webhooks = {
    post_call_webhook_id: "wh_1",
    events: ["transcript", "call_initiation_failure"],
    send_audio: false,
  };
  server.settings.set("/v1/convai/settings", { webhooks });
  for (const agent of agents) server.agents.set(agent.agent_id, agent);
  return { server, ELEVENLABS_API_KEY: "sk_test", ELEVENLABS_API_URL: server.url };
}

async function anElevenLabs(changes: object = {}, more: Differences = {}) {
  const { server: _, ...env } = await anElevenLabsServer({ changes, ...more });
  return env;
}

/** A running archive, and the doctor for it and for ElevenLabs. */
async function anExaminedArchive() {
  const folder = await newFolder();
  const archive = await aRunningArchive(folder);
  const examine = (env: Record<string, string>, ...args: string[]) =>
    runCommand(DOCTOR, folder, ["--url", archive.url, ...args], { ELEVENLABS_WEBHOOK_SECRET: SECRET, ...env });
  return { folder, archive, examine };
}

/** All files except those that a running archive may write at any time. */
function traces(folder: string): Promise<string[]> {
  return tree(folder, (path) => !/^(lock|tmp\/|reports\/|analytics\/compaction)/.test(path));
}

test("finds nothing wrong in a correct set-up, proves that with a delivery, and leaves no trace of it", async () => {
  const { folder, examine } = await anExaminedArchive();
  const before = await traces(folder);
  const { code, out } = await examine(await anElevenLabs());
  expect(out).toContain("Nothing is wrong.");
  expect(code).toBe(0);
  for (const subject of [
    "state",
    "retries",
    "archive",
    "dead letters",
    "receiver",
    "secret",
    "processing",
    "transcript",
  ]) {
    expect(out).toMatch(new RegExp(`^ok +${subject} `, "m"));
  }
  expect(out).toMatch(/^note +address .*is it this archive's\?$/m);
  expect(await traces(folder)).toEqual(before);
});

test("prints problems at ElevenLabs and dead letters, with remedies", async () => {
  const { archive, examine } = await anExaminedArchive();
  await post(archive.url, aTranscription({ full_audio: "no base64!" }));
  await vi.waitUntil(() => archive.failed() === 1, { timeout: 5_000 });
  const { code, out } = await examine(await anElevenLabs({ is_auto_disabled: true, retry_enabled: false }));
  expect(code).toBe(1);
  expect(out).toMatch(/^wrong +state +switched off by ElevenLabs.*\n +→ repair the cause, switch it on again/m);
  expect(out).toMatch(/^wrong +retries +off/m);
  expect(out).toMatch(/^wrong +dead letters +1 object was dead-lettered\n +→ npm run redrive/m);
  expect(out).toMatch(/^note +health +degraded: 1 object is in the dead letters: npm run redrive/m);
  expect(out).toContain("3 things are wrong.");
});

test("reports that the secret known here is not the archive's, and leaves no trace", async () => {
  const { folder, examine } = await anExaminedArchive();
  const before = await traces(folder);
  const { code, out } = await examine({ ELEVENLABS_WEBHOOK_SECRET: "wsec_other" });
  expect(code).toBe(1);
  expect(out).toMatch(/^wrong +secret +the archive refuses a delivery that is signed with the secret known here$/m);
  expect(out).toMatch(
    /^note +ElevenLabs +its settings of the webhook are not checked: there is no API key\n +→ set ELEVENLABS_API_KEY$/m,
  );
  expect(await traces(folder)).toEqual(before);
});

test("reports an archive that does not respond, and a rejected key", async () => {
  const { archive, examine } = await anExaminedArchive();
  await archive.close();
  const env = { ...(await anElevenLabs()), ELEVENLABS_API_KEY: "sk_other" };
  const { code, out } = await examine(env);
  expect(code).toBe(1);
  const json = await examine(env, "--format", "json");
  expect(json.code).toBe(1);
  expect(JSON.parse(json.out)).toMatchObject([
    { level: "wrong", subject: "ElevenLabs" },
    { level: "wrong", subject: "archive", todo: "start it: npm start" },
  ]);
  expect(out).toMatch(/^wrong +archive +no response from http:\/\/127/m);
  expect(out).toMatch(
    /^wrong +ElevenLabs +could not read the webhooks: ElevenLabs answered 401: check ELEVENLABS_API_KEY\n +→ create a key as an admin/m,
  );
});

test.each([
  [["--url", "nowhere"], "is not an address"],
  [["--url", "http://127.0.0.1:1", "--stack", "CallArchive"], "leave --url out"],
])("wrong usage is explained: %j", async (args, message) => {
  const { code, error } = await runCommand(DOCTOR, await newFolder(), args);
  expect([code, error]).toEqual([2, expect.stringContaining(message)]);
});

test("finds agents that post elsewhere or in another format, although the workspace's webhook is correct", async () => {
  const { archive, examine } = await anExaminedArchive();
  await archive.close();
  const agents = [
    anAgent("a1"),
    anAgent("a2", { post_call_webhook_id: null }),
    anAgent("a3", { post_call_webhook_id: "wh_gone", events: ["transcript", "call_initiation_failure"] }),
    anAgent("a4", { post_call_webhook_id: "wh_1", events: ["transcript"], transcript_format: "xml" }),
  ];
  const { code, out } = await examine(await anElevenLabs({}, { agents }));
  expect(code).toBe(1);
  expect(out).toMatch(
    /^wrong +agent +Agent a3 \(a3\) posts to a webhook that does not exist: its calls do not arrive/m,
  );
  expect(out).toMatch(/^wrong +agent +Agent a4 \(a4\): transcript sent as xml/m);
  expect(out).toMatch(/^ok +agents +2 agents follow the workspace's settings$/m);
});

test.each([
  ["is not an admin's", undefined],
  ["may not see webhooks", "GET /v1/workspace/webhooks$"],
  ["may not see the settings of agents", "GET /v1/convai/settings$"],
  ["may not see agents", "GET /v1/convai/agents$"],
])("checks everything else with a key that %s, and nothing is wrong", async (_, refused) => {
  const { examine } = await anExaminedArchive();
  const { server, ...env } = await anElevenLabsServer({ isAdmin: false });
  const body = JSON.stringify({
    detail: { status: "missing_permissions", message: "… is missing the permission x_read" },
  });
  if (refused) server.fail({ does: "answer", status: 401, body }, { on: new RegExp(refused), times: 2 });
  const { code, out } = await examine(env);
  expect(out).toContain("Nothing is wrong.");
  expect(code).toBe(0);
  const unseen = out.match(/^note .*not looked at: .*it lacks the permission x_read\n +→ .+/gm) ?? [];
  expect(unseen).toHaveLength(refused ? 1 : 0);
  // The settings contain the webhook in use. The public address of an archive on a laptop is unknown.
  if (!/webhooks|settings/.test(refused ?? "")) expect(out).toMatch(/^ok +state +switched on/m);
  if (refused !== "GET /v1/convai/settings$") expect(out).toMatch(/^ok +transcript +sent/m);
  if (refused !== "GET /v1/convai/agents$") expect(out).toMatch(/^ok +agents +there are none/m);
});
