import { unixSecs } from "./call-metadata.ts";
import type { FailedPlan } from "./call-plan.ts";
import { AGENTS, LINES } from "./company.ts";
import { type Json, pythonJson } from "./python-json.ts";
import { HEX, type Random } from "./random.ts";

const SIP_STATUS = {
  busy: { code: 486, text: "Busy here" },
  "no-answer": { code: 480, text: "Temporarily unavailable" },
} as const;

/** The exact text of a `call_initiation_failure`: the carrier's report about a person who could not be reached. */
export function failureBody(plan: FailedPlan, conversationId: string, sentAt: Date, random: Random): string {
  const metadata =
    plan.connection.channel === "sip"
      ? { type: "sip", body: sipReport(plan, random) }
      : { type: "twilio", body: twilioReport(plan, sentAt, random) };
  return pythonJson({
    type: "call_initiation_failure",
    event_timestamp: unixSecs(sentAt),
    data: { agent_id: AGENTS.reminders.id, conversation_id: conversationId, failure_reason: plan.reason, metadata },
  });
}

function sipReport({ person, connection, reason }: FailedPlan, random: Random): Json {
  const { code, text } = SIP_STATUS[reason];
  return {
    from_number: LINES[person.country].number,
    to_number: connection.number,
    sip_status_code: code,
    error_reason: `INVITE failed: sip status: ${code}: ${text} (SIP ${code})`,
    call_sid: `SCL_${random.characters(12, HEX)}`,
    sip_status: text,
    twirp_code: "unavailable",
  };
}

function twilioReport({ person, connection, reason }: FailedPlan, sentAt: Date, random: Random): Json {
  const from = LINES[person.country].number;
  return {
    Called: connection.number,
    ToState: "",
    CallerCountry: person.country,
    Direction: "outbound-api",
    Timestamp: sentAt.toUTCString().replace("GMT", "+0000"),
    CallbackSource: "call-progress-events",
    SipResponseCode: String(SIP_STATUS[reason].code),
    CallerState: "",
    ToZip: "",
    SequenceNumber: "2",
    CallSid: `CA${random.characters(32, HEX)}`,
    To: connection.number,
    CallerZip: "",
    ToCountry: person.country,
    CalledZip: "",
    ApiVersion: "2010-04-01",
    CalledCity: "",
    CallStatus: reason,
    Duration: "0",
    From: from,
    CallDuration: "0",
    AccountSid: `AC${random.characters(32, HEX)}`,
    CalledCountry: person.country,
    CallerCity: "",
    ToCity: "",
    FromCountry: person.country,
    Caller: from,
    FromCity: "",
    CalledState: "",
    FromZip: "",
    FromState: "",
  };
}
