import { at, entries, integer, jsonText, list, number, text } from "../json.ts";
import { modelPrices, total } from "./llm-usage-rows.ts";

/** The columns by which customers join a call to their own records, from the `data` of a call or a failed attempt. */
export function joinColumns(data: unknown) {
  const batch = at(data, "metadata", "batch_call");
  return {
    environment: text(at(data, "environment")) ?? text(at(data, "conversation_initiation_client_data", "environment")),
    tag_ids: joined(at(data, "tag_ids"), ",", tagId),
    batch_call_id: text(at(batch, "batch_call_id")),
    batch_recipient_id: text(at(batch, "batch_call_recipient_id")),
    campaign_id: text(at(batch, "campaign", "campaign_id")),
    campaign_lead_id: text(at(batch, "campaign", "campaign_lead_id")),
  };
}

/** The columns of a call's cost. */
export function costColumns(metadata: unknown) {
  const charging = at(metadata, "charging");
  return {
    cost_credits: number(at(metadata, "cost")),
    surcharge_credits: surcharges(charging),
    cost_usd: number(at(metadata, "cost_fiat")),
    llm_price_usd: number(at(charging, "llm_price")),
    llm_initiated_usd: modelPrices(at(charging, "llm_usage", "initiated_generation", "model_usage")),
    llm_used_usd: modelPrices(at(charging, "llm_usage", "irreversible_generation", "model_usage")),
  };
}

/** The columns of the person's feedback on the whole call. */
export function feedbackColumns(metadata: unknown) {
  const feedback = at(metadata, "feedback");
  return {
    rating: number(at(feedback, "rating")),
    overall_score: text(at(feedback, "overall_score")),
    likes: integer(at(feedback, "likes")),
    dislikes: integer(at(feedback, "dislikes")),
    feedback_comment: text(at(feedback, "comment")),
  };
}

/** ElevenLabs' warnings about a call, one a line. */
export function warnings(metadata: unknown): string | null {
  return joined(at(metadata, "warnings"), "\n", jsonText);
}

/** The sum of the credits of all surcharges, as `voice_surcharge_charge`; `null` if there is none (seen 2026-11). */
function surcharges(charging: unknown): number | null {
  const named = entries(charging).filter(([name]) => /surcharge.*_charge$/.test(name));
  return total(named.flatMap(([, credits]) => number(credits) ?? []));
}

/** The items of a list as one text; any other value as its text. `null` if there is no item. */
function joined(value: unknown, separator: string, itemText: (item: unknown) => string | null): string | null {
  if (!Array.isArray(value)) return itemText(value);
  const texts = list(value)
    .map(itemText)
    .filter((each) => each !== null);
  return texts.length === 0 ? null : texts.join(separator);
}

/** A tag as its id, also if it was sent as an object. */
function tagId(tag: unknown): string | null {
  return text(tag) ?? text(at(tag, "tag_id")) ?? text(at(tag, "id")) ?? jsonText(tag);
}
