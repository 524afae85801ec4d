import { at, text, words } from "../json.ts";

/**
 * The channel of a call: of the block in its metadata, else of the integration that began it, else `web`.
 *
 * The block of a phone call, a WhatsApp chat or an SMS is there only if the call had that channel.
 */
export function channel(data: unknown): string {
  const metadata = at(data, "metadata");
  if (at(metadata, "whatsapp")) return "whatsapp";
  if (at(metadata, "sms")) return "sms";
  const phoneCall = at(metadata, "phone_call");
  if (phoneCall) return text(at(phoneCall, "type"))?.startsWith("sip") ? "sip" : "phone";
  const integrations = [initiationSource(data), words(at(metadata, "async_metadata", "external_system"))];
  return integrations.map(channelOfSource).find((each) => each !== null) ?? "web";
}

/** ElevenLabs' name of the integration that began a call, as sent. A call may state it in either of two places. */
export function initiationSource(data: unknown): string | null {
  const stated = words(at(data, "metadata", "conversation_initiation_source"));
  return stated ?? words(at(data, "conversation_initiation_client_data", "source_info", "source"));
}

/** The direction of a call, and the agent's number in it, from the block of its channel. */
export function direction(metadata: unknown) {
  const blocks = ["phone_call", "sms", "whatsapp"].map((name) => at(metadata, name));
  const first = (...names: readonly string[]) =>
    blocks.flatMap((block) => names.map((name) => text(at(block, name)))).find((each) => each !== null) ?? null;
  return { direction: first("direction"), agent_number: first("agent_number", "agent_phone_number") };
}

/**
 * The channels of the integrations whose name is not the channel. A later integration keeps its name, and so do the
 * SDKs, `template_preview` and `subagent_tool`.
 *
 * From `ConversationInitiationSource` of `@elevenlabs/elevenlabs-js` 2.73.0, 2026-11.
 */
const CHANNELS: ReadonlyMap<string, string | null> = new Map([
  ["twilio", "phone"],
  ["exotel", "phone"],
  ["sip", "sip"],
  ["sip_trunk", "sip"],
  ["sip_trunking", "sip"],
  ["twilio_sms", "sms"],
  ["genesys_bot_connector", "genesys"],
  ["widget", "web"],
  ["unknown", null],
]);

/** The channel of an integration; `null` if it is unknown. */
function channelOfSource(source: string | null): string | null {
  if (source === null) return null;
  const name = source.trim().toLowerCase();
  const known = CHANNELS.get(name);
  return known === undefined ? name.replace(/(?<=.)_integration$/, "") : known;
}
