import { expect, test } from "vitest";
import type {
  AgentSettings,
  PostCallSettings,
  SeenAgents,
  WebhookState,
} from "../../../handlers/clients/elevenlabs/webhook-source.ts";
import { agentFindings } from "../../../handlers/doctor/agent-findings.ts";
import { aWebhook, SENT } from "../../support/fixtures/webhooks.ts";

const URL = "https://archive.example.com/post-call";
const OTHER = { ...aWebhook("https://elsewhere.example.com/key"), id: "wh_2", name: "other" };
const STATE: WebhookState = { webhooks: [aWebhook(URL), OTHER], settings: SENT, clockAheadSecs: 0 };

interface About {
  readonly state?: Partial<WebhookState>;
  readonly url?: string | undefined;
  readonly seen?: Partial<SeenAgents>;
}

function anAgent(own: Partial<PostCallSettings> | null, more: Partial<AgentSettings> = {}): AgentSettings {
  return { id: "a1", name: "Support", own: own && { ...SENT, ...own }, isZeroRetention: false, ...more };
}

/** The findings about `agents`, one line each. */
function found(agents: readonly AgentSettings[], { state, seen, ...here }: About = {}): string[] {
  const url = "url" in here ? here.url : URL;
  const all = { agents, refused: 0, isAll: true, ...seen };
  const findings = agentFindings(all, { ...STATE, ...state }, { url, now: new Date() });
  for (const { level, todo } of findings) if (level === "wrong") expect(todo).toBeTruthy();
  return findings.map(({ level, subject, detail }) => `${level} ${subject}: ${detail}`);
}

const FOLLOWS = "ok agents: 1 agent follows the workspace's settings";
const POSTS = "ok agents: 1 agent posts to the archive from their own settings";
const UNSEEN = { webhooks: { unseen: "no" } };

test.each<[string, Partial<PostCallSettings> | null, About, string[]]>([
  ["follows the workspace", null, {}, [FOLLOWS]],
  ["has no webhook", { webhookId: null, events: [] }, {}, [FOLLOWS]],
  ["is set to the archive's", {}, {}, [POSTS]],
  [
    "is set to another",
    { webhookId: "wh_2" },
    {},
    ["wrong agent: Support (a1) posts to other, elsewhere.example.com: its calls do not arrive here"],
  ],
  [
    "is set to one that does not exist",
    { webhookId: "wh_9" },
    {},
    ["wrong agent: Support (a1) posts to a webhook that does not exist: its calls do not arrive here"],
  ],
  [
    "is set to another, and our address is not known",
    { webhookId: "wh_2" },
    { url: undefined },
    ["note agent: Support (a1) posts to other, elsewhere.example.com: is it this archive's?"],
  ],
  ["is set to the workspace's, and our address is not known", {}, { url: undefined }, [POSTS]],
  [
    "is set to another, and webhooks cannot be read",
    { webhookId: "wh_2" },
    { state: UNSEEN },
    ["note agent: Support (a1) posts to its own webhook, wh_2: is it this archive's?"],
  ],
  ["is set to the workspace's, and webhooks cannot be read", {}, { state: UNSEEN }, [POSTS]],
  ["sends OpenTelemetry", { transcriptFormat: "opentelemetry" }, {}, [POSTS]],
  [
    "sends another format",
    { transcriptFormat: "xml" },
    {},
    ["wrong agent: Support (a1): transcript sent as xml, which is stored but not processed"],
  ],
  [
    "sends another format to the workspace's webhook",
    { webhookId: null, transcriptFormat: "xml" },
    {},
    ["wrong agent: Support (a1): transcript sent as xml, which is stored but not processed"],
  ],
  [
    "sends no transcripts",
    { events: ["call_initiation_failure"] },
    {},
    ["wrong agent: Support (a1): transcript not sent: no call arrives"],
  ],
  ["does not report its events", { events: null }, {}, [POSTS]],
])("returns the findings about an agent that %s", (_, own, about, expected) => {
  expect(found([anAgent(own)], about)).toEqual(expected);
});

test("a finding contains only the host of another address, and the action to take", () => {
  const seen = { agents: [anAgent({ webhookId: "wh_2" })], refused: 0, isAll: true };
  const findings = agentFindings(seen, STATE, { url: URL, now: new Date() });
  expect(JSON.stringify(findings)).not.toContain("/key");
  expect(findings[0]?.todo).toMatch(/^choose the archive's webhook in the agent's own settings.*run backfill/);
});

test("uses the id of an agent without a name, and notes that with zero retention the webhook is the only copy", () => {
  expect(found([anAgent(null, { name: null, isZeroRetention: true })])).toEqual([
    "note agent: a1 has zero retention: the webhook is the only copy, and backfill cannot fetch its calls",
    FOLLOWS,
  ]);
});

test("counts the agents that follow the workspace and those that the key may not read, and notes further ones", () => {
  const agents = [anAgent(null), anAgent(null), anAgent({}), anAgent({})];
  expect(found(agents, { seen: { refused: 2, isAll: false } })).toEqual([
    "ok agents: 2 agents follow the workspace's settings",
    "ok agents: 2 agents post to the archive from their own settings",
    "note agents: the key may not read 2 agents",
    "note agents: only the first 6 were checked",
  ]);
  expect(found([])).toEqual(["ok agents: there are none"]);
});
