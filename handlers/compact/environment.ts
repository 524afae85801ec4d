/** The variables of the function that creates the views. */
export interface ViewsVariables {
  readonly required: "ANALYTICS_BUCKET" | "WORKGROUP" | "DATABASE";
  readonly optional: never;
}

/** The variables of the compactor's function. */
export interface CompactorVariables {
  readonly required: ViewsVariables["required"] | "CLOSE_AFTER_HOURS";
  /** The rule that runs it while there is work. Without it, it runs once an hour. */
  readonly optional: "BUSY_SCHEDULE";
}
