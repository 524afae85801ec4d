/** The variables that the function which makes the views is deployed with. */
export interface ViewsVariables {
  readonly required: "ANALYTICS_BUCKET" | "WORKGROUP" | "DATABASE";
  readonly optional: never;
}

/** The variables that the compactor's function is deployed with. */
export interface CompactorVariables {
  readonly required: ViewsVariables["required"] | "CLOSE_AFTER_HOURS";
  readonly optional: never;
}
