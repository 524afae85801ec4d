import type { Stage } from "./stage.ts";

/**
 * The archives to deploy, by the name of their stack, each with what differs from the defaults.
 *
 * A second one for trying things out would be `"CallArchiveTest": { quietHours: 168, alarmEmail: "…" }`.
 */
export const STAGES: Readonly<Record<string, Stage>> = {
  CallArchive: {},
};
