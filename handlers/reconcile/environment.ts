/** The variables that the reconciler's function is deployed with. */
export interface ReconcilerVariables {
  readonly required: "ARCHIVE_BUCKET" | "ELEVENLABS_SECRET_ARN" | "RECONCILE_HOURS" | "WEBHOOK_URL";
  /** Where ElevenLabs is; its own address if it is not set. */
  readonly optional: "ELEVENLABS_API_URL";
}
