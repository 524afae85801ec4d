import type { Stage } from "./stage.ts";

/**
 * The archives to deploy, by the name of their stack, each with the settings that differ from the defaults.
 *
 * To add an archive for tests, add `"CallArchiveTest": { quietHours: 168, alarmEmail: "…" }`.
 */
export const STAGES: Readonly<Record<string, Stage>> = {
  CallArchive: {},
};
