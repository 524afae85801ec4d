/** The environment variables of the receiver's function. */
export interface ReceiverVariables {
  readonly required: "ARCHIVE_BUCKET" | "WEBHOOK_SECRET_ARN" | "SIGNATURE_TOLERANCE_SECONDS";
  /** The only addresses from which deliveries are accepted, separated by commas; the code of national phone numbers. */
  readonly optional: "ALLOWED_ADDRESSES" | "DEFAULT_COUNTRY_CODE";
}
