import { isObject } from "../json.ts";
import { ANALYSIS_ATTRIBUTES } from "./known-attributes.ts";
import { spelledValue } from "./literal.ts";
import { type Attributes, below } from "./spans.ts";
import { picked, stated, unlessEmpty } from "./stated.ts";

/** The `analysis` of a call, in the form of a `post_call_transcription`; `null` if the call has none. */
export function callAnalysis(attributes: Attributes): Record<string, unknown> | null {
  return unlessEmpty({
    ...picked(attributes, ANALYSIS_ATTRIBUTES, "analysis."),
    ...stated({
      data_collection_results: results(attributes, "data_collection_results", "data_collection_id", "value"),
      evaluation_criteria_results: results(attributes, "evaluation_criteria_results", "criteria_id", "result"),
    }),
  });
}

/**
 * Results by their id. Each is a Python dict as text (captures of 2026-07), or JSON. What is neither is the outcome
 * itself: the field that `outcome` names.
 */
function results(attributes: Attributes, name: string, idName: string, outcome: string): object | null {
  const fields = [idName, outcome, "rationale"];
  const found = below(attributes, `analysis.${name}.`).map(([id, sent]) => {
    const spelled = spelledValue(sent);
    if (isObject(spelled) && fields.some((field) => Object.hasOwn(spelled, field))) return [id, spelled] as const;
    // A number or a boolean stays a text, with all its digits.
    return [id, { [idName]: id, [outcome]: typeof spelled === "object" ? spelled : sent }] as const;
  });
  return found.length === 0 ? null : Object.fromEntries(found);
}
