import { athena } from "../clients/athena.client.ts";
import { respond } from "../clients/cloudformation-response.client.ts";
import { required } from "../clients/environment.client.ts";
import { powertoolsLog } from "../clients/powertools.client.ts";
import { createViews } from "./create-views.ts";
import { customResourceHandler } from "./custom-resource.ts";

const run = athena({ workgroup: required("WORKGROUP"), database: required("DATABASE") });

/** Makes the views that analysts query, as part of each deployment. */
export const handler = customResourceHandler({ apply: () => createViews(run), respond, log: powertoolsLog() });
