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

/** The findings about a correct webhook with `changes`. */
function findingsOf({ webhook, settings, ...here }: Changes = {}): DoctorFinding[] {
  const ours = { ...aWebhook(URL), ...webhook };
  const state = {
    webhooks: [{ ...ours, id: "wh_other", name: "other", url: "https://elsewhere.example.com/key" }, ours],
    settings: { ...SENT, ...settings },
    clockAheadSecs: 0,
  };
  return webhookFindings(state, { url: "url" in here ? here.url : URL, now: NOW });
}

/** The findings that are not ok, as `level subject`. */
function found(changes?: Changes): string[] {
  const findings = findingsOf(changes);
  for (const { level, todo } of findings) if (level === "wrong") expect(todo).toBeTruthy();
  return findings.flatMap(({ level, subject }) => (level === "ok" ? [] : [`${level} ${subject}`]));
}

function todoOf(subject: string, changes: Changes): string | undefined {
  return findingsOf(changes).find((finding) => finding.subject === subject)?.todo;
}

const ago = (hours: number) => ({ lastFailureAt: new Date(NOW.getTime() - hours * 3_600_000), lastFailureCode: 500 });

test("finds nothing wrong with correct settings", () => {
  expect(found()).toEqual([]);
});

test.each<[string, Changes, string[]]>([
  ["no webhook is chosen", { settings: { webhookId: null } }, ["wrong webhook"]],
  ["the chosen webhook does not exist", { settings: { webhookId: "wh_9" } }, ["wrong webhook"]],
  ["it posts elsewhere", { url: "https://archive.example.com/post-call" }, ["wrong address"]],
  ["our address is not known", { url: undefined }, ["note address"]],
  ["ElevenLabs switched it off", { webhook: { isAutoDisabled: true } }, ["wrong state"]],
  ["a person switched it off", { webhook: { isDisabled: true } }, ["wrong state"]],
  ["it failed a day ago", { webhook: ago(24) }, ["wrong failures"]],
  ["it failed more than a day ago", { webhook: ago(24.1) }, ["note failures"]],
  ["it failed a week ago", { webhook: ago(168) }, ["note failures"]],
  ["it failed more than a week ago", { webhook: ago(168.1) }, []],
  ["retries are off", { webhook: { isRetrying: false } }, ["wrong retries"]],
  ["ElevenLabs does not report whether retries are on", { webhook: { isRetrying: null } }, ["note retries"]],
  ["it is not signed by HMAC", { webhook: { authType: "oauth2" } }, ["wrong signing"]],
  ["ElevenLabs does not report how it is signed", { webhook: { authType: null } }, ["note signing"]],
  ["transcripts are not sent", { settings: { events: ["call_initiation_failure"] } }, ["wrong transcript"]],
  ["failures are not sent", { settings: { events: ["transcript"] } }, ["wrong call_initiation_failure"]],
  [
    "ElevenLabs does not report the events",
    { settings: { events: null } },
    ["note transcript", "note call_initiation_failure"],
  ],
  ["transcripts are sent without turns", { settings: { isTranscriptLeftOut: true } }, ["wrong transcript"]],
  ["transcripts are sent in another format", { settings: { transcriptFormat: "xml" } }, ["wrong transcript"]],
  ["transcripts are sent as OpenTelemetry", { settings: { transcriptFormat: "opentelemetry" } }, ["note transcript"]],
  ["transcripts are sent as JSON, and the format is reported", { settings: { transcriptFormat: "json" } }, []],
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
    "audio is sent to a function under a custom domain",
    { settings: { isAudioSent: true }, webhook: { url: "https://archive.example.com/post-call" } },
    ["wrong address", "wrong audio"],
  ],
])("returns the findings if %s", (_, changes, expected) => {
  expect(found(changes)).toEqual(expected);
});

test("checks the archive's webhook if only single agents use it", () => {
  const settings = { webhookId: null };
  expect(found({ settings, webhook: { isAutoDisabled: true } })).toEqual(["wrong webhook", "wrong state"]);
});

test("the action is to choose the archive's webhook, or to make a new one", () => {
  const settings = { webhookId: "wh_other" };
  expect(todoOf("address", { settings })).toMatch(/^choose archive, abc\.execute-api.* under Agents/);
  expect(todoOf("address", { url: "https://archive.example.com/post-call" })).toMatch(
    /^make a webhook with the address https:\/\/archive\.example\.com\/post-call, add its secret to the archive/,
  );
});

test("a finding contains only the host of another address", () => {
  expect(JSON.stringify(findingsOf({ settings: { webhookId: "wh_other" } }))).not.toContain("/key");
});

test("the action after a 401 is to add the webhook's secret", () => {
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
] as const)("for a clock that is %s seconds ahead, the level is %s", (aheadSecs, level) => {
  expect(clockFinding("clock", aheadSecs).level).toBe(level);
});

test("recognises the addresses of Lambda functions", () => {
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
])("returns the findings for a key that may not read %s", (_, unseen, url, expected) => {
  const state = { webhooks: [aWebhook(URL)], settings: SENT, clockAheadSecs: 0, ...unseen };
  const findings = webhookFindings(state, { url, now: NOW });
  expect(findings.flatMap(({ level, subject }) => (level === "ok" ? [] : [`${level} ${subject}`]))).toEqual(expected);
  for (const { level, todo } of findings) if (level !== "ok") expect(todo).toBeTruthy();
});
