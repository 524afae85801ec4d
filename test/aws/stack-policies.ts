import { inject } from "vitest";
import { at } from "../../handlers/call/json.ts";
import { type Refer, resolved, UnresolvedReference } from "../infrastructure/aws/references.ts";
import type { Resource } from "../infrastructure/aws/template.ts";
import { denialsForAll, identityStatements, type Statement } from "../support/servers/iam-policy.ts";

/** The account of all resources in moto. */
export const ACCOUNT = "123456789012";

const REGION = "us-east-1";

const RESOURCES = inject("resources");

const BY_ID = new Map(RESOURCES.map((resource) => [resource.id, resource]));

const FUNCTIONS = RESOURCES.filter(({ type }) => type === "AWS::Lambda::Function");

/** The timeout of a function, in seconds. */
export function timeoutOf(functionName: string): number {
  return Number(at(functionNamed(functionName).properties, "Timeout"));
}

/** The environment variables of a function that are the same in every deployment: numbers and names, not resources. */
export function literalsOf(functionName: string): Record<string, string> {
  const variables = Object.entries(variablesOf(functionNamed(functionName)));
  return Object.fromEntries(variables.flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])));
}

/**
 * Returns the statements of the synthesised template that apply to a function: those of its role, and those that deny
 * something to everybody in the policies of buckets and queues.
 *
 * @param env The environment of the function in the test. The template has the resource of each variable, so the
 * policies refer to the same resources. A resource that the test did not create gets an ARN that no request can name.
 * @throws UnresolvedReference, UnknownPolicy
 */
export function functionStatements(functionName: string, env: Env): Statement[] {
  const [role] = [at(functionNamed(functionName).properties, "Role", "Fn::GetAtt")].flat();
  const { properties } = resourceAt(String(role));
  for (const name of ["ManagedPolicyArns", "Policies", "PermissionsBoundary"]) {
    if (at(properties, name) !== undefined)
      throw new UnresolvedReference(`the role of the ${functionName} has ${name}`);
  }
  const isOfRole = (policy: Resource) =>
    [at(policy.properties, "Roles")].flat().some((each) => at(each, "Ref") === role);
  return statementsOf(
    functionName,
    RESOURCES.filter((each) => POLICIES.has(each.type) && isOfRole(each)),
    env,
  );
}

/** Returns the statements that apply to a holder of the managed policy for analysts. */
export function analystStatements(env: Env): Statement[] {
  const isForAnalysts = ({ id, type }: Resource) => type === "AWS::IAM::ManagedPolicy" && id.startsWith("Analysts");
  return statementsOf("analyst", RESOURCES.filter(isForAnalysts), env);
}

function statementsOf(name: string, policies: readonly Resource[], env: Env): Statement[] {
  if (policies.length === 0) throw new UnresolvedReference(`there is no policy for the ${name}`);
  const refer = references(env);
  const parameters = parametersOf(env, refer);
  const document = ({ properties }: Resource): unknown =>
    JSON.parse(JSON.stringify(resolved(at(properties, "PolicyDocument"), refer)), (_, value) =>
      typeof value === "string" ? (parameters.get(value) ?? value) : value,
    );
  const shared = RESOURCES.filter(({ type }) => OF_RESOURCES.has(type));
  return [
    ...policies.flatMap((policy) => identityStatements(name, document(policy))),
    ...shared.flatMap((policy) => denialsForAll(policy.id, document(policy))),
  ];
}

const POLICIES = new Set(["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"]);
const OF_RESOURCES = new Set(["AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy"]);

function functionNamed(name: string): Resource {
  const found = FUNCTIONS.find((each) => variablesOf(each)["POWERTOOLS_SERVICE_NAME"] === name);
  if (!found) throw new UnresolvedReference(`the template has no function ${name}`);
  return found;
}

function variablesOf({ properties }: Resource): Record<string, unknown> {
  return Object(at(properties, "Environment", "Variables"));
}

function resourceAt(id: string): Resource {
  const resource = BY_ID.get(id);
  if (!resource) throw new UnresolvedReference(`the template has no resource ${id}`);
  return resource;
}

type Env = Readonly<Record<string, string>>;

/** Resolves the template's references in a test whose functions have `env`. */
function references(env: Env): Refer {
  const given = new Map<unknown, string | undefined>();
  for (const each of FUNCTIONS) {
    for (const [name, value] of Object.entries(variablesOf(each))) {
      if (env[name] !== undefined) given.set(at(value, "Ref"), env[name]);
    }
  }
  return (id, attribute) => {
    const pseudo = PSEUDO[id];
    if (pseudo !== undefined) return pseudo;
    const { type } = resourceAt(id);
    const found = NAMES[type]?.(given.get(id) ?? `not-in-this-test-${id}`)[attribute];
    if (found === undefined) throw new UnresolvedReference(`${attribute} of ${id}, ${type}, is not modelled`);
    return found;
  };
}

/** The ARN of each parameter in the template, with the ARN of the parameter that the test uses instead. */
function parametersOf(env: Env, refer: Refer): ReadonlyMap<string, string> {
  const variables = FUNCTIONS.flatMap((each) => Object.entries(variablesOf(each)));
  return new Map(
    variables.flatMap(([name, value]) => {
      const [arn, used] = [name.endsWith("_SECRET_ARN") && resolved(value, refer), env[name]];
      return typeof arn === "string" && used !== undefined ? [[arn, used]] : [];
    }),
  );
}

const PSEUDO: Readonly<Record<string, string>> = {
  "AWS::Partition": "aws",
  "AWS::Region": REGION,
  "AWS::AccountId": ACCOUNT,
  "AWS::StackId": `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/CallArchive/1`,
};

/** The values of `Ref` and of each attribute of a resource, by its type, for the name in the test. */
const NAMES: Readonly<Record<string, (name: string) => Readonly<Record<string, string>>>> = {
  "AWS::S3::Bucket": (name) => ({ Ref: name, Arn: `arn:aws:s3:::${name}` }),
  "AWS::SQS::Queue": (url) => ({ Ref: url, Arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:${url.split("/").at(-1)}` }),
  "AWS::KMS::Key": (name) => ({ Arn: `arn:aws:kms:${REGION}:${ACCOUNT}:key/${name}` }),
  "AWS::Glue::Database": (name) => ({ Ref: name }),
  "AWS::Logs::LogGroup": (name) => ({ Arn: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${name}:*` }),
};
