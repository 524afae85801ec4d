import { at, text } from "../json.ts";
import { hasSpans } from "../otel/call-of-spans.ts";
import { momentOf } from "../rows/day.ts";
import { failureRows } from "../rows/table-rows.ts";
import type { RoutedKind } from "./kind.ts";

/** An attempt to call a person that did not become a call. */
export const failure: RoutedKind = {
  isRouted: true,
  types: ["call_initiation_failure"],
  hasFields: (data) =>
    text(at(data, "failure_reason")) !== null && at(data, "transcript") === undefined && !hasSpans(data),
  person: dialledNumber,
  key: (caller, conversation) => `${caller}/${conversation}.failure.json`,
  keys: /^(?<caller>[A-Za-z0-9-][A-Za-z0-9_-]{0,127})\/(?<conversation>[A-Za-z0-9_-]{1,128})\.failure\.json$/,
  role: "attempt",
  steps: ["rows"],
  moment: momentOf,
  rows: failureRows,
  expects: { recording: "none", isFetchable: false },
};

/** The number that the agent dialled, from the carrier's report: Twilio's field is `To`, SIP's is `to_number`. */
function dialledNumber(data: unknown): readonly string[] {
  const report = at(data, "metadata", "body");
  return [at(report, "To"), at(report, "to_number")].map(text).filter((each) => each !== null);
}
