import { s3Archive } from "../clients/archive/s3-archive.client.ts";
import { athena } from "../clients/aws/athena.client.ts";
import { respond } from "../clients/aws/cloudformation-response.client.ts";
import { systemClock } from "../clients/clock.ts";
import { environment } from "../clients/credentials/environment.client.ts";
import { powertoolsHandler } from "../clients/observability/powertools.client.ts";
import { createCurrentViews } from "./create-views.ts";
import { customResourceHandler } from "./custom-resource.ts";
import type { ViewsVariables } from "./environment.ts";
import { retryUntilSettled } from "./retry-until-settled.ts";
import { closedDays, readState } from "./state.ts";

const { required } = environment<ViewsVariables>();
const run = athena({ workgroup: required("WORKGROUP"), database: required("DATABASE") });
const analytics = s3Archive(required("ANALYTICS_BUCKET"));

/** Creates the views that analysts query, as part of each deployment. */
export const handler = powertoolsHandler(({ log }) =>
  customResourceHandler({
    apply: () =>
      retryUntilSettled(
        () => createCurrentViews(run, async () => closedDays((await readState(analytics)).state)),
        systemClock,
      ),
    respond,
    log,
  }),
);
