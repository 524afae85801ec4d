import { at, text } from "../../handlers/call/json.ts";
import { type AwsCall, type AwsRequest, EVERY_REQUEST, UnknownCall } from "./iam-call.ts";

/**
 * The rights that a request to a service with a JSON protocol needs, by the Service Authorization Reference
 * (docs.aws.amazon.com/service-authorization, 2026-11).
 *
 * @param workgroupOf The workgroup of an Athena query: its id alone does not name it.
 * @throws UnknownCall
 */
export function jsonCall(
  service: string,
  request: AwsRequest,
  account: string,
  workgroupOf: (queryExecutionId: string) => string | undefined,
): AwsCall {
  const target = String(request.headers["x-amz-target"] ?? "");
  const [, operation = ""] = target.split(".");
  const input: unknown = target === "" ? undefined : JSON.parse(request.body.toString() || "{}");
  const named = (...path: string[]) => {
    const value = text(at(input, ...path));
    if (value === null) throw new UnknownCall(`${target} without ${path.join(".")}`);
    return value;
  };
  const arn = (of: string, resource: string) => `arn:aws:${of}:us-east-1:${account}:${resource}`;
  const needs = (action: string, ...resources: string[]): AwsCall => ({
    operation: `${service}:${operation}`,
    needs: resources.map((resource) => ({ action, resource, context: EVERY_REQUEST })),
  });

  if (target.startsWith("AmazonSQS.") && SQS.has(operation)) {
    const queue = operation === "GetQueueUrl" ? named("QueueName") : (named("QueueUrl").split("/").at(-1) ?? "");
    return needs(`sqs:${operation}`, arn("sqs", queue));
  }
  if (target.startsWith("secretsmanager.") && SECRETS.has(operation)) {
    const secret = named("SecretId");
    if (!secret.startsWith("arn:")) throw new UnknownCall(`${target} of ${secret}, which is no ARN`);
    return needs(`secretsmanager:${operation}`, secret);
  }
  if (target.startsWith("AmazonAthena.") && operation === "GetDataCatalog") {
    return needs("athena:GetDataCatalog", arn("athena", `datacatalog/${named("Name")}`));
  }
  if (target.startsWith("AmazonAthena.") && OF_WORKGROUP.has(operation)) {
    return needs(`athena:${operation}`, arn("athena", `workgroup/${named("WorkGroup")}`));
  }
  if (target.startsWith("AmazonAthena.") && OF_QUERY.has(operation)) {
    const workgroup = workgroupOf(named("QueryExecutionId"));
    if (workgroup === undefined) throw new UnknownCall(`${target} of a query that was not started here`);
    return needs(`athena:${operation}`, arn("athena", `workgroup/${workgroup}`));
  }
  const glueName = GLUE[operation];
  if (target.startsWith("AWSGlue.") && glueName) {
    // Glue asks for the right on the table, its database and the catalog, each.
    const [database = "", ...table] = glueName.map((path) => named(...path));
    const resources = ["catalog", `database/${database}`, ...table.map((name) => `table/${database}/${name}`)];
    return needs(`glue:${operation}`, ...resources.map((resource) => arn("glue", resource)));
  }
  throw new UnknownCall(`${service} ${target || `${request.method} ${request.url}`}`);
}

const SQS = new Set(
  "SendMessage ReceiveMessage DeleteMessage ChangeMessageVisibility GetQueueAttributes GetQueueUrl PurgeQueue".split(
    " ",
  ),
);
const SECRETS = new Set(["GetSecretValue", "PutSecretValue", "DescribeSecret", "DeleteSecret"]);
const OF_WORKGROUP = new Set(
  "StartQueryExecution GetWorkGroup UpdateWorkGroup ListNamedQueries ListPreparedStatements GetPreparedStatement ListQueryExecutions".split(
    " ",
  ),
);
const OF_QUERY = new Set(["GetQueryExecution", "GetQueryResults", "StopQueryExecution"]);

/** Where each request to Glue names its database, and then its table. */
const GLUE: Readonly<Record<string, readonly (readonly string[])[]>> = {
  GetDatabase: [["Name"]],
  GetTable: [["DatabaseName"], ["Name"]],
  CreateTable: [["DatabaseName"], ["TableInput", "Name"]],
  UpdateTable: [["DatabaseName"], ["TableInput", "Name"]],
  DeleteTable: [["DatabaseName"], ["Name"]],
  GetPartitions: [["DatabaseName"], ["TableName"]],
};
