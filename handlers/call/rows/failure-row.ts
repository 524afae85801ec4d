import type { ConversationRow } from "../../../queries/tables/conversations.ts";
import type { KnownEvent } from "../event.ts";
import { at, text, words } from "../json.ts";
import { joinColumns } from "./call-columns.ts";
import { initiationSource } from "./channel.ts";
import { columnsOfEvery } from "./event-columns.ts";
import type { Provenance } from "./provenance.ts";

/** The integrations of the carriers whose reports are documented. */
const SOURCES: ReadonlyMap<string, string> = new Map([
  ["twilio", "twilio"],
  ["sip", "sip_trunk"],
]);

/** The row of an attempt that did not become a call. Every attempt is outbound. */
export function failureRow(event: KnownEvent, from: Provenance): Partial<ConversationRow> {
  const data = at(event.body.value, "data");
  const report = at(data, "metadata", "body");
  const carrier = words(at(data, "metadata", "type")) ?? "";
  return {
    ...columnsOfEvery(event, from),
    ...joinColumns(data),
    agent_name: text(at(data, "agent_name")),
    user_id: text(at(data, "user_id")),
    direction: "outbound",
    channel: carrier.startsWith("sip") ? "sip" : "phone",
    initiation_source: initiationSource(data) ?? SOURCES.get(carrier) ?? null,
    agent_number: text(at(report, "From")) ?? text(at(report, "from_number")),
    call_sid: text(at(report, "CallSid")) ?? text(at(report, "call_sid")),
    status: "initiation_failure",
    call_result: text(at(data, "metadata", "call_result")) ?? text(at(report, "call_result")),
    failure_reason: text(at(data, "failure_reason")),
  };
}
