/** The company's evaluation criteria. */
export type Criterion =
  /** Was the caller's issue settled, or a next step agreed? */
  | "issue_resolved"
  /** Was the order or the name confirmed before anything was changed? */
  | "caller_verified"
  /** Was the agent courteous from start to end? */
  | "polite_throughout"
  /** Did the agent state the price before it booked anything? */
  | "price_stated";

/** The company's data collection: the values that the analysis extracts, with their types. */
export const COLLECTED_VALUES = {
  caller_name: { type: "string", description: "Name the caller gave" },
  order_number: { type: "string", description: "Order the call was about" },
  reason_for_call: { type: "string", description: "Why the person called, in a few words" },
  shop: { type: "string", description: "Workshop the caller chose or asked about" },
  refund_requested: { type: "boolean", description: "Whether the caller asked for their money back" },
  refund_amount: { type: "number", description: "Amount to be refunded" },
  bikes: { type: "integer", description: "Number of bicycles the call was about" },
  waiting_days: { type: "integer", description: "Days the caller was told to wait" },
  callback_wanted: { type: "boolean", description: "Whether the caller wants to be called back" },
} as const;

export type CollectedValue = keyof typeof COLLECTED_VALUES;
