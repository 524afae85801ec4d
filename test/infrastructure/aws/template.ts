import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { at } from "../../../handlers/call/json.ts";
import type { Bundle, FunctionName } from "../../../infrastructure/aws/bundle.client.ts";
import { CallArchiveStack } from "../../../infrastructure/aws/call-archive-stack.ts";
import type { Stage } from "../../../infrastructure/aws/stage.ts";
import { readSavedQueries } from "../../../queries/engine/saved-queries.client.ts";

const { context } = JSON.parse(await readFile("cdk.json", "utf8"));

/** A small bundle for a function. The real ones take seconds to build, and a template has only their hash. */
const bundle = (name: FunctionName): Bundle => {
  const folder = join(import.meta.dirname, "any-bundle");
  return { name, folder, bytes: 0, budget: 0, parts: [] };
};

const code = {
  bundles: {
    receiver: bundle("receiver"),
    processor: bundle("processor"),
    compactor: bundle("compactor"),
    reconciler: bundle("reconciler"),
    monitor: bundle("monitor"),
    views: bundle("views"),
    readApi: bundle("readApi"),
  },
  queries: await readSavedQueries(),
};

export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly properties: unknown;
}

/** The templates that were already synthesised, by stage. */
const templates = new Map<string, Template>();

/** The synthesised template of a stage. Each is cached, so tests must not change it. */
export function templateOf(stage: Stage = {}): Template {
  const name = JSON.stringify(stage);
  const template = templates.get(name) ?? synthesised(stage);
  templates.set(name, template);
  return template;
}

/** Synthesises without CDK's own validation, whose warnings nothing here reads. `npm run synth` runs it. */
function synthesised(stage: Stage): Template {
  const app = new App({ context, builtinCloudFormationValidation: false });
  return Template.fromStack(new CallArchiveStack(app, "CallArchive", { ...stage, ...code }));
}

/** Every resource of a template, or those of one type. */
export function resourcesOf(template: Template, type?: string): Resource[] {
  const resources: Record<string, unknown> = template.toJSON()["Resources"];
  return Object.entries(resources)
    .map(([id, resource]) => ({ id, type: String(at(resource, "Type")), properties: at(resource, "Properties") }))
    .filter((resource) => type === undefined || resource.type === type);
}

/** One statement of a policy. */
export interface Statement {
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** The statements of the policies whose id contains `role`. Resources are JSON text. */
export function statementsOf(template: Template, role: string): Statement[] {
  return [...resourcesOf(template, "AWS::IAM::Policy"), ...resourcesOf(template, "AWS::IAM::ManagedPolicy")]
    .filter(({ id }) => id.includes(role))
    .flatMap(({ properties }) => [at(properties, "PolicyDocument", "Statement")].flat())
    .map((statement) => ({
      effect: String(at(statement, "Effect")),
      actions: [at(statement, "Action")].flat().map(String),
      resources: [at(statement, "Resource")].flat().map((resource) => JSON.stringify(resource)),
    }));
}
