import { expect, test } from "vitest";
import type {
  PostCallSettings,
  RegisteredWebhook,
  WebhookState,
} from "../../../handlers/clients/elevenlabs/webhook-source.ts";
import { clockFinding } from "../../../handlers/doctor/clock-finding.ts";
import type { DoctorFinding } from "../../../handlers/doctor/doctor-finding.ts";
import { isOfLambda } from "../../../handlers/doctor/sent-findings.ts";
import { webhookFindings } from "../../../handlers/doctor/webhook-findings.ts";
import { aWebhook, SENT } from "../../support/fixtures/webhooks.ts";

const NOW = new Date("2026-11-25T12:00:00Z");
const URL = "https://abc.execute-api.eu-west-1.amazonaws.com/post-call";

interface Changes {
  readonly webhook?: Partial<RegisteredWebhook>;
  readonly settings?: Partial<PostCallSettings>;
  readonly url?: string | undefined;
}

/** What is found of a webhook that is well but for `changes`. */
function findingsOf({ webhook, settings, ...here }: Changes = {}): DoctorFinding[] {
  const ours = { ...aWebhook(URL), ...webhook };
  const state = {
    webhooks: [{ ...ours, id: "wh_other", name: "other", url: "https://elsewhere.example.com/key" }, ours],
    settings: { ...SENT, ...settings },
    clockAheadSecs: 0,
  };
  return webhookFindings(state, { url: "url" in here ? here.url : URL, now: NOW });
}

/** What is not well, as `level subject`. */
function found(changes?: Changes): string[] {
  const findings = findingsOf(changes);
  for (const { level, todo } of findings) if (level === "wrong") expect(todo).toBeTruthy();
  return findings.flatMap(({ level, subject }) => (level === "ok" ? [] : [`${level} ${subject}`]));
}

function todoOf(subject: string, changes: Changes): string | undefined {
  return findingsOf(changes).find((finding) => finding.subject === subject)?.todo;
}

const ago = (hours: number) => ({ lastFailureAt: new Date(NOW.getTime() - hours * 3_600_000), lastFailureCode: 500 });

test("finds nothing where all is well", () => {
  expect(found()).toEqual([]);
});

test.each<[string, Changes, string[]]>([
  ["no webhook is chosen", { settings: { webhookId: null } }, ["wrong webhook"]],
  ["one is chosen that is gone", { settings: { webhookId: "wh_9" } }, ["wrong webhook"]],
  ["it posts elsewhere", { url: "https://archive.example.com/post-call" }, ["wrong address"]],
  ["nobody knows our address", { url: undefined }, ["note address"]],
  ["ElevenLabs switched it off", { webhook: { isAutoDisabled: true } }, ["wrong state"]],
  ["a person switched it off", { webhook: { isDisabled: true } }, ["wrong state"]],
  ["it failed a day ago", { webhook: ago(24) }, ["wrong failures"]],
  ["it failed more than a day ago", { webhook: ago(24.1) }, ["note failures"]],
  ["it failed a week ago", { webhook: ago(168) }, ["note failures"]],
  ["it failed more than a week ago", { webhook: ago(168.1) }, []],
  ["retries are off", { webhook: { isRetrying: false } }, ["wrong retries"]],
  ["it is not said whether retries are on", { webhook: { isRetrying: null } }, ["note retries"]],
  ["it is not signed by HMAC", { webhook: { authType: "oauth2" } }, ["wrong signing"]],
  ["it is not said how it is signed", { webhook: { authType: null } }, ["note signing"]],
  ["transcripts are not sent", { settings: { events: ["call_initiation_failure"] } }, ["wrong transcript"]],
  ["failures are not sent", { settings: { events: ["transcript"] } }, ["wrong call_initiation_failure"]],
  ["events are not said", { settings: { events: null } }, ["note transcript", "note call_initiation_failure"]],
  ["transcripts come without words", { settings: { isTranscriptLeftOut: true } }, ["wrong transcript"]],
  ["transcripts come in another format", { settings: { transcriptFormat: "opentelemetry" } }, ["wrong transcript"]],
  ["transcripts come as JSON, and so it is said", { settings: { transcriptFormat: "json" } }, []],
  ["audio is sent to a function", { settings: { isAudioSent: true } }, ["wrong audio"]],
  [
    "audio is among the events",
    { settings: { events: ["transcript", "audio", "call_initiation_failure"] } },
    ["wrong audio"],
  ],
  [
    "audio is sent to a server",
    {
      settings: { isAudioSent: true },
      webhook: { url: "https://archive.example.com/post-call" },
      url: "https://archive.example.com/post-call",
    },
    [],
  ],
  [
    "audio is sent to a function under a name of its own",
    { settings: { isAudioSent: true }, webhook: { url: "https://archive.example.com/post-call" } },
    ["wrong address", "wrong audio"],
  ],
])("%s", (_, changes, expected) => {
  expect(found(changes)).toEqual(expected);
});

test("looks at the archive's webhook where agents are set to it one by one", () => {
  const settings = { webhookId: null };
  expect(found({ settings, webhook: { isAutoDisabled: true } })).toEqual(["wrong webhook", "wrong state"]);
});

test("says how to have agents post here, by the webhook that there is or by a new one", () => {
  const settings = { webhookId: "wh_other" };
  expect(todoOf("address", { settings })).toMatch(/^choose archive, abc\.execute-api.* under Agents/);
  expect(todoOf("address", { url: "https://archive.example.com/post-call" })).toMatch(
    /^make a webhook with the address https:\/\/archive\.example\.com\/post-call, give its secret to the archive/,
  );
});

test("says nothing of another's address but its host", () => {
  expect(JSON.stringify(findingsOf({ settings: { webhookId: "wh_other" } }))).not.toContain("/key");
});

test("takes a delivery that was refused for a sign that the secret is another", () => {
  expect(todoOf("failures", { webhook: { ...ago(1), lastFailureCode: 401 } })).toContain("lacks the webhook's secret");
  expect(todoOf("failures", { webhook: ago(1) })).not.toContain("secret");
});

test.each([
  [0, "ok"],
  [60, "ok"],
  [-60, "ok"],
  [61, "note"],
  [900, "note"],
  [-901, "wrong"],
  [null, "note"],
] as const)("a clock that is %s seconds ahead: %s", (aheadSecs, level) => {
  expect(clockFinding("clock", aheadSecs).level).toBe(level);
});

test("knows the addresses of functions", () => {
  expect(isOfLambda(URL)).toBe(true);
  expect(isOfLambda("https://x.lambda-url.us-east-1.on.aws/")).toBe(true);
  expect(isOfLambda("https://execute-api.example.com/")).toBe(false);
  expect(isOfLambda("no address")).toBe(false);
});

const UNSEEN = { unseen: "ElevenLabs answered 403" };

test.each<[string, Partial<WebhookState>, string | undefined, string[]]>([
  ["webhooks", { webhooks: UNSEEN }, URL, ["note webhooks"]],
  [
    "webhooks, and none is chosen",
    { webhooks: UNSEEN, settings: { ...SENT, webhookId: null } },
    URL,
    ["note webhooks", "wrong webhook"],
  ],
  [
    "webhooks, and audio is sent to a function",
    { webhooks: UNSEEN, settings: { ...SENT, isAudioSent: true } },
    URL,
    ["note webhooks", "wrong audio"],
  ],
  ["settings", { settings: UNSEEN }, URL, ["note settings"]],
  [
    "settings, and ours is off",
    { settings: UNSEEN, webhooks: [{ ...aWebhook(URL), isDisabled: true }] },
    URL,
    ["note settings", "wrong state"],
  ],
  ["settings, and no webhook is ours", { settings: UNSEEN, webhooks: [] }, URL, ["note settings", "wrong webhook"]],
  ["settings, and our address is not known", { settings: UNSEEN, webhooks: [] }, undefined, ["note settings"]],
  ["either", { webhooks: UNSEEN, settings: UNSEEN }, URL, ["note webhooks", "note settings"]],
])("a key that may not see %s", (_, unseen, url, expected) => {
  const state = { webhooks: [aWebhook(URL)], settings: SENT, clockAheadSecs: 0, ...unseen };
  const findings = webhookFindings(state, { url, now: NOW });
  expect(findings.flatMap(({ level, subject }) => (level === "ok" ? [] : [`${level} ${subject}`]))).toEqual(expected);
  for (const { level, todo } of findings) if (level !== "ok") expect(todo).toBeTruthy();
});
