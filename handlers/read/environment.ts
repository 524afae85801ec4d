/** The environment variables of the read API's function. */
export interface ReadApiVariables {
  readonly required: "ARCHIVE_BUCKET" | "ANALYTICS_BUCKET" | "DATABASE" | "WORKGROUP";
  readonly optional: never;
}
