import type {
  AgentSettings,
  PostCallSettings,
  SeenAgents,
  WebhookState,
} from "../clients/elevenlabs/webhook-source.ts";
import { isUnseen } from "../clients/elevenlabs/webhook-source.ts";
import { type DoctorFinding, note, ok, wrong } from "./doctor-finding.ts";
import type { ReceiverAddress } from "./receiver-address.ts";
import { sentFindings } from "./sent-findings.ts";
import { named } from "./webhook-name.ts";

const OWN_SETTINGS = "in the agent's own settings";

const CHOOSE = `choose the archive's webhook ${OWN_SETTINGS}, or remove the agent's own webhook; then run backfill for the days between`;

/**
 * Returns findings about agents whose own settings lose calls: they post to another webhook, in a format that is not
 * processed, or without transcripts. An agent without its own webhook follows the workspace (`post_call_webhook_id: null`;
 * elevenlabs.io, Post-call webhooks, 2026-11).
 */
export function agentFindings(
  { agents, refused, isAll }: SeenAgents,
  state: WebhookState,
  receiver: ReceiverAddress,
): DoctorFinding[] {
  const checked = agents.map((agent) => ({ agent, problems: problemsOf(agent, state, receiver) }));
  const well = checked.filter(({ problems }) => problems.length === 0);
  const following = well.filter(({ agent }) => (agent.own?.webhookId ?? null) === null).length;
  const others = well.length - following;
  return [
    ...checked.flatMap(({ problems }) => problems),
    ...agents.filter(({ isZeroRetention }) => isZeroRetention).map(zeroRetention),
    ...(following > 0 ? [ok("agents", `${agentsThat(following, "follow")} the workspace's settings`)] : []),
    ...(others > 0 ? [ok("agents", `${agentsThat(others, "post")} to the archive from their own settings`)] : []),
    ...(agents.length + refused === 0 ? [ok("agents", "there are none")] : []),
    ...(refused > 0 ? [notRead(refused)] : []),
    ...(isAll ? [] : [note("agents", `only the first ${agents.length + refused} were checked`, CHECK_OTHERS)]),
  ];
}

const CHECK_OTHERS = "check the post-call webhook of the others in their settings at ElevenLabs";

function problemsOf(agent: AgentSettings, state: WebhookState, receiver: ReceiverAddress): DoctorFinding[] {
  const { own } = agent;
  if (own === null) return [];
  // Without its own webhook, an agent's events may have no effect. Its format is always checked: it must be one that is processed.
  if (own.webhookId === null) return ofSent(agent, { ...own, events: null, isAudioSent: false }, [receiver.url]);
  const webhook = isUnseen(state.webhooks) ? undefined : state.webhooks.find(({ id }) => id === own.webhookId);
  return [...ofAddress(agent, own.webhookId, state, receiver), ...ofSent(agent, own, [webhook?.url, receiver.url])];
}

function ofAddress(
  agent: AgentSettings,
  webhookId: string,
  { webhooks, settings }: WebhookState,
  receiver: ReceiverAddress,
): DoctorFinding[] {
  const isOfWorkspace = !isUnseen(settings) && settings.webhookId === webhookId;
  if (isUnseen(webhooks)) {
    const detail = `${nameOf(agent)} posts to its own webhook, ${webhookId}: is it this archive's?`;
    return isOfWorkspace ? [] : [note("agent", detail, "look it up under Settings → Webhooks")];
  }
  const webhook = webhooks.find(({ id }) => id === webhookId);
  const lost = "its calls do not arrive here";
  if (!webhook) return [wrong("agent", `${nameOf(agent)} posts to a webhook that does not exist: ${lost}`, CHOOSE)];
  if (webhook.url === receiver.url) return [];
  if (receiver.url !== undefined)
    return [wrong("agent", `${nameOf(agent)} posts to ${named(webhook)}: ${lost}`, CHOOSE)];
  return isOfWorkspace ? [] : [note("agent", `${nameOf(agent)} posts to ${named(webhook)}: is it this archive's?`)];
}

function ofSent(agent: AgentSettings, own: PostCallSettings, urls: readonly (string | undefined)[]): DoctorFinding[] {
  return sentFindings(own, urls, OWN_SETTINGS)
    .filter(({ level }) => level === "wrong")
    .map((finding) => ({
      ...finding,
      subject: "agent",
      detail: `${nameOf(agent)}: ${finding.subject} ${finding.detail}`,
    }));
}

function zeroRetention(agent: AgentSettings): DoctorFinding {
  return note(
    "agent",
    `${nameOf(agent)} has zero retention: the webhook is the only copy, and backfill cannot fetch its calls`,
  );
}

function notRead(count: number): DoctorFinding {
  const detail = `the key may not read ${count === 1 ? "1 agent" : `${count} agents`}`;
  return note("agents", detail, "give the key's user access to them, or check their settings at ElevenLabs");
}

function nameOf({ name, id }: AgentSettings): string {
  return name === null ? id : `${name} (${id})`;
}

function agentsThat(count: number, verb: string): string {
  return count === 1 ? `1 agent ${verb}s` : `${count} agents ${verb}`;
}
