import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { at, entries } from "../../handlers/call/json.ts";
import { folderArchive } from "../../handlers/clients/archive/folder-archive.client.ts";
import { readSavedQueries } from "../../queries/engine/saved-queries.client.ts";
import { parsedJson } from "../../queries/tables/parsed-json.ts";
import { bundles } from "../aws/bundle.client.ts";
import { CallArchiveStack } from "../aws/call-archive-stack.ts";
import { ASSUMPTIONS } from "./assumptions.ts";
import { withSections } from "./cost-page.ts";
import { costSections, sums } from "./cost-sections.ts";
import { deploymentIn } from "./deployment.ts";
import { measureCall } from "./measured-call.ts";

// `npm run cost` runs this. It computes the cost of a deployment with default settings, and writes it into the pages.
const ROOT = join(import.meta.dirname, "../..");

const settings = parsedJson(await readFile(join(ROOT, "cdk.json"), "utf8"));
const context = Object.fromEntries(entries(at(settings, "context")));
const app = new App({ context, builtinCloudFormationValidation: false });
const code = { bundles: await bundles(), queries: await readSavedQueries() };
const { stackName } = new CallArchiveStack(app, "CallArchive", code);
const deployment = deploymentIn(app.synth().getStackByName(stackName).template);

const folder = await mkdtemp(join(tmpdir(), "cost-"));
try {
  const newArchive = () => folderArchive(folder, randomUUID());
  const call = await measureCall(newArchive, deployment.reconcileHours);
  const input = { deployment, call, assumptions: ASSUMPTIONS };
  await write("docs/cost.md", costSections(input));
  await write("README.md", { cost: sums(input) });
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function write(page: string, sections: Readonly<Record<string, string>>): Promise<void> {
  const path = join(ROOT, page);
  await writeFile(path, withSections(await readFile(path, "utf8"), sections));
}
