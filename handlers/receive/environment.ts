/** The variables that the receiver's function is deployed with. */
export interface ReceiverVariables {
  readonly required: "ARCHIVE_BUCKET" | "WEBHOOK_SECRET_ARN" | "SIGNATURE_TOLERANCE_SECONDS";
  /** The only addresses that may deliver, separated by commas. */
  readonly optional: "ALLOWED_ADDRESSES";
}
