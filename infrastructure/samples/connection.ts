import { LINES } from "./company.ts";
import type { Person } from "./people.ts";
import type { Json } from "./python-json.ts";
import { HEX, LOWER_CASE_AND_DIGITS, type Random } from "./random.ts";

export type Channel = "phone" | "sip" | "whatsapp" | "sms" | "web";

/** How a person and the company are connected. */
export interface Connection {
  readonly channel: Channel;
  readonly direction: "inbound" | "outbound";
  /** The person's number in the carrier's format, or its text for a withheld number; `null` on the web. */
  readonly number: string | null;
  /** The company's id of the person, if its integration sends one. */
  readonly userId: string | null;
}

/** Carriers' texts for a withheld number. The last one spells ANONYMOUS on a keypad. */
export const WITHHELD = ["anonymous", "Restricted", "", "+266696687"] as const;

/** The caller's folder in the archive, by the rules in docs/design.md: digits, `user-…` or `anonymous`. */
export function callerFolder({ number, userId }: Connection): string {
  if (number !== null) return isWithheld(number) ? "anonymous" : number.replace(/\D/g, "");
  return userId === null ? "anonymous" : `user-${userId}`;
}

/** The fields of a connection in `metadata` and in the dynamic variables. */
export interface ConnectionTraces {
  readonly source: string;
  readonly phoneCall: Json;
  readonly whatsapp: Json;
  readonly sms: Json;
  readonly variables: { readonly [name: string]: Json };
}

/**
 * The fields of `connection` in a body.
 *
 * On outbound calls `system__caller_id` is the company's number, because the company calls.
 */
export function connectionTraces(connection: Connection, { country }: Person, random: Random): ConnectionTraces {
  const { channel, direction, number } = connection;
  const line = LINES[country];
  const none = { phoneCall: null, whatsapp: null, sms: null, variables: {} };
  if (channel === "web") return { ...none, source: random.pick(["react_sdk", "js_sdk", "widget"]) };
  if (channel === "whatsapp") {
    const whatsapp = { direction, whatsapp_phone_number_id: line.id, whatsapp_user_id: number };
    return { ...none, source: "whatsapp", whatsapp };
  }
  if (channel === "sms") {
    const sms = { direction, phone_number_id: line.id, sms_user_phone_number: number, agent_phone_number: line.number };
    return { ...none, source: "sms", sms };
  }
  const callSid =
    channel === "phone" ? `CA${random.characters(32, HEX)}` : `SCL_${random.characters(12, LOWER_CASE_AND_DIGITS)}`;
  const phoneCall = {
    direction,
    phone_number_id: line.id,
    agent_number: line.number,
    external_number: number,
    type: channel === "phone" ? "twilio" : "sip_trunking",
    ...(channel === "phone" ? { stream_sid: `MZ${random.characters(32, HEX)}` } : {}),
    call_sid: callSid,
  };
  const [from, to] = direction === "inbound" ? [number, line.number] : [line.number, number];
  const variables = { system__caller_id: from, system__called_number: to, system__call_sid: callSid };
  return { ...none, source: channel === "phone" ? "twilio" : "sip_trunk", phoneCall, variables };
}

function isWithheld(number: string): boolean {
  return WITHHELD.some((word) => word === number);
}
