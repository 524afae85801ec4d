import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { readSavedQueries } from "../../queries/engine/saved-queries.client.ts";
import { bundles } from "./bundle.client.ts";
import { CallArchiveStack } from "./call-archive-stack.ts";
import { STAGES } from "./stages.ts";

const app = new App();
const code = { bundles: await bundles(), queries: await readSavedQueries() };
for (const [name, stage] of Object.entries(STAGES)) new CallArchiveStack(app, name, { ...stage, ...code });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
