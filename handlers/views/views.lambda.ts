import { athena } from "../clients/athena.client.ts";
import { systemClock } from "../clients/clock.ts";
import { respond } from "../clients/cloudformation-response.client.ts";
import { required } from "../clients/environment.client.ts";
import { powertoolsHandler } from "../clients/powertools.client.ts";
import { s3Archive } from "../clients/s3-archive.client.ts";
import { closedDays, readState } from "../compact/state.ts";
import { createCurrentViews } from "./create-views.ts";
import { customResourceHandler } from "./custom-resource.ts";
import { onceSettled } from "./settled.ts";

const run = athena({ workgroup: required("WORKGROUP"), database: required("DATABASE") });
const analytics = s3Archive(required("ANALYTICS_BUCKET"));

/** Makes the views that analysts query, as part of each deployment. */
export const handler = powertoolsHandler(({ log }) =>
  customResourceHandler({
    apply: () =>
      onceSettled(
        () => createCurrentViews(run, async () => closedDays((await readState(analytics)).state)),
        systemClock,
      ),
    respond,
    log,
  }),
);
