/** The environment variables of the reconciler's function. */
export interface ReconcilerVariables {
  readonly required:
    | "ARCHIVE_BUCKET"
    | "ANALYTICS_BUCKET"
    | "ELEVENLABS_SECRET_ARN"
    | "RECONCILE_HOURS"
    | "WEBHOOK_URL";
  /**
   * The URL of ElevenLabs' API: if it is not set, the public API is used. The code of national phone numbers. `true` if
   * recordings are put into STANDARD.
   */
  readonly optional: "ELEVENLABS_API_URL" | "DEFAULT_COUNTRY_CODE" | "RECORDINGS_READ_SOON";
}
