import { s3Archive } from "../clients/archive/s3-archive.client.ts";
import { athena } from "../clients/aws/athena.client.ts";
import { ruleSwitch } from "../clients/aws/rule-switch.client.ts";
import { environment } from "../clients/credentials/environment.client.ts";
import { powertoolsHandler } from "../clients/observability/powertools.client.ts";
import { createViews } from "./create-views.ts";
import type { CompactorVariables } from "./environment.ts";
import { scheduleHandler } from "./schedule-handler.ts";

const { required, optional } = environment<CompactorVariables>();
const busySchedule = optional("BUSY_SCHEDULE");
const run = athena({ workgroup: required("WORKGROUP"), database: required("DATABASE") });

/** Packs hours, closes days, and rebuilds closed days that changed. */
export const handler = powertoolsHandler((observing) =>
  scheduleHandler({
    analytics: s3Archive(required("ANALYTICS_BUCKET")),
    moveViews: (closed) => createViews(run, closed),
    longestQuerySeconds: 600,
    busySchedule: busySchedule === undefined ? undefined : ruleSwitch(busySchedule),
    closeAfterHours: Number(required("CLOSE_AFTER_HOURS")),
    now: () => new Date(),
    ...observing,
  }),
);
