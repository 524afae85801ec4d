import { at, text } from "../../../handlers/call/json.ts";
import { type AwsCall, type AwsRequest, EVERY_REQUEST, UnknownCall } from "./iam-call.ts";

/** The names of services with a JSON protocol: in `x-amz-target`, and in policies. */
const SERVICES: Readonly<Record<string, string>> = {
  AmazonSQS: "sqs",
  secretsmanager: "secretsmanager",
  AmazonSSM: "ssm",
  AmazonAthena: "athena",
  AWSGlue: "glue",
  AWSEvents: "events",
  GraniteServiceVersion20100801: "cloudwatch",
};

/** Returns the workgroup of a started Athena query, which the id does not contain. */
type WorkgroupOf = (queryExecutionId: string) => string | undefined;

/**
 * The rights that a request to a service with a JSON protocol needs, by the Service Authorization Reference
 * (docs.aws.amazon.com/service-authorization, 2026-11).
 *
 * @throws UnknownCall
 */
export function jsonCall({ method, url, headers, body }: AwsRequest, account: string, of: WorkgroupOf): AwsCall {
  const target = String(headers["x-amz-target"] ?? "");
  const [prefix = "", operation = ""] = target.split(".");
  const service = SERVICES[prefix];
  if (service === undefined) throw new UnknownCall(target || `${method} ${url}`);
  const input: unknown = JSON.parse(body.toString());
  const named = (...path: readonly string[]) => {
    const value = text(at(input, ...path));
    if (value === null) throw new UnknownCall(`${target} without ${path.join(".")}`);
    return value;
  };
  const resources = resourcesOf(`${service}:${operation}`, named, of);
  if (resources.length === 0) throw new UnknownCall(target);
  const arn = (resource: string) =>
    resource.startsWith("arn:") ? resource : `arn:aws:${service}:us-east-1:${account}:${resource}`;
  return {
    operation: `${service}:${operation}`,
    needs: resources.map((resource) => ({
      action: `${service}:${operation}`,
      resource: arn(resource),
      context: EVERY_REQUEST,
    })),
  };
}

/** The resources of a request, each as the last part of an ARN or as an ARN; none if the action is unknown. */
function resourcesOf(action: string, named: (...path: readonly string[]) => string, of: WorkgroupOf): string[] {
  if (action === "sqs:GetQueueUrl") return [named("QueueName")];
  if (OF_QUEUE.has(action)) return [named("QueueUrl").split("/").at(-1) ?? ""];
  if (OF_SECRET.has(action)) {
    const secret = named("SecretId");
    if (!secret.startsWith("arn:")) throw new UnknownCall(`${action} of ${secret}, which is no ARN`);
    return [secret];
  }
  if (OF_PARAMETER.has(action)) return [`parameter/${named("Name").replace(/^\//, "")}`];
  if (action === "events:EnableRule" || action === "events:DisableRule") return [`rule/${named("Name")}`];
  // Its one resource is every resource.
  if (action === "cloudwatch:GetMetricData") return ["*"];
  if (action === "athena:GetDataCatalog") return [`datacatalog/${named("Name")}`];
  if (OF_WORKGROUP.has(action)) return [`workgroup/${named("WorkGroup")}`];
  if (OF_QUERY.has(action)) {
    const workgroup = of(named("QueryExecutionId"));
    if (workgroup === undefined) throw new UnknownCall(`${action} of a query that was not started here`);
    return [`workgroup/${workgroup}`];
  }
  const names = OF_CATALOG[action];
  if (!names) return [];
  // Glue needs the right on the catalog, on the database and on the table.
  const [database = "", ...table] = names.map((path) => named(...path));
  return ["catalog", `database/${database}`, ...table.map((name) => `table/${database}/${name}`)];
}

const OF_QUEUE = new Set([
  ...["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"],
  ...["sqs:GetQueueAttributes", "sqs:PurgeQueue"],
]);

const OF_SECRET = new Set(["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"]);

/** The ARN of a parameter has its name without the leading slash, after `parameter/`. */
const OF_PARAMETER = new Set(["ssm:GetParameter", "ssm:PutParameter"]);

const OF_WORKGROUP = new Set([
  ...["athena:StartQueryExecution", "athena:ListQueryExecutions", "athena:GetWorkGroup", "athena:UpdateWorkGroup"],
  ...["athena:ListNamedQueries", "athena:ListPreparedStatements", "athena:GetPreparedStatement"],
]);

const OF_QUERY = new Set(["athena:GetQueryExecution", "athena:GetQueryResults", "athena:StopQueryExecution"]);

/** Where each request to Glue names its database, and then its table. */
const OF_CATALOG: Readonly<Record<string, readonly (readonly string[])[]>> = {
  "glue:GetDatabase": [["Name"]],
  "glue:GetTable": [["DatabaseName"], ["Name"]],
  "glue:CreateTable": [["DatabaseName"], ["TableInput", "Name"]],
  "glue:UpdateTable": [["DatabaseName"], ["TableInput", "Name"]],
  "glue:DeleteTable": [["DatabaseName"], ["Name"]],
  "glue:GetPartitions": [["DatabaseName"], ["TableName"]],
};
