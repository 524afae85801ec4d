import { ASSUMPTIONS } from "../../../infrastructure/cost/assumptions.ts";
import type { CostInput } from "../../../infrastructure/cost/cost-input.ts";
import { deploymentIn } from "../../../infrastructure/cost/deployment.ts";
import { measureCall } from "../../../infrastructure/cost/measured-call.ts";
import { memoryArchive } from "../../support/doubles/memory-archive.ts";
import { templateOf } from "../aws/template.ts";

const deployment = deploymentIn(templateOf().toJSON());
const call = await measureCall(memoryArchive, deployment.reconcileHours);

/** What the cost pages are computed from: the default stage, and a call that was measured in memory. */
export const COST_INPUT: CostInput = { deployment, call, assumptions: ASSUMPTIONS };
