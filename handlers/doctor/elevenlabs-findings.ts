import type { AgentSource, WebhookSource, WebhookState } from "../clients/elevenlabs/webhook-source.ts";
import { refusalOf, ServiceRefused, ServiceUnavailable } from "../clients/http/service-errors.ts";
import { messageOf } from "../clients/observability/log.ts";
import { agentFindings } from "./agent-findings.ts";
import { type DoctorFinding, note, wrong } from "./doctor-finding.ts";
import type { ReceiverAddress } from "./receiver-address.ts";
import { webhookFindings } from "./webhook-findings.ts";

/**
 * Checks the settings at ElevenLabs that determine where calls are sent: webhooks, workspace settings, and agents.
 * Each is checked independently of the others. What the key may not read is a note.
 *
 * @throws ServiceRefused if the key is rejected for everything.
 * @throws ServiceUnavailable if webhooks or settings cannot be requested.
 */
export async function elevenLabsFindings(
  source: WebhookSource & AgentSource,
  receiver: ReceiverAddress,
): Promise<DoctorFinding[]> {
  const state = await refusalOf(() => source.state());
  const seen = state instanceof ServiceRefused ? nothingOf(state.message) : state;
  try {
    const agents = await refusalOf(() => source.agents());
    if (!(agents instanceof ServiceRefused))
      return [...webhookFindings(seen, receiver), ...agentFindings(agents, seen, receiver)];
    if (state instanceof ServiceRefused) throw state;
    return [...webhookFindings(seen, receiver), note("agents", `not looked at: ${agents.message}`, MAY_READ_AGENTS)];
  } catch (error) {
    if (!(error instanceof ServiceUnavailable)) throw error;
    return [...webhookFindings(seen, receiver), wrong("agents", messageOf(error), "run this again")];
  }
}

const MAY_READ_AGENTS = "give the key the permission to read agents (convai_read)";

/** The state of webhooks if the key may read none of it. */
export function nothingOf(unseen: string): WebhookState {
  return { webhooks: { unseen }, settings: { unseen }, clockAheadSecs: null };
}
