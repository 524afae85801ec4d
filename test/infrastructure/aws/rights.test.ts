import { expect, test } from "vitest";
import { at } from "../../../handlers/call/json.ts";
import { resourcesOf, statementsOf, templateOf } from "./template.ts";

const template = templateOf();

/** Matches the ARN, as JSON text, of exactly this secret's parameter. */
const parameter = (name: string) => new RegExp(`:ssm:.*:parameter/call-archive/CallArchive/${name}"\\]\\]\\}$`);
/** The right to read metrics. CloudWatch has no narrower resource (Service Authorization Reference, 2026-11). */
const METRICS = "cloudwatch:GetMetricData";

/** The actions that analysts may use on every resource: AWS accepts no narrower resource for them. */
const LISTS = /^(athena:(List|Get)(DataCatalog|Database|EngineVersion|TableMetadata|WorkGroup)s?|glue:GetDatabases)$/;

test("no policy allows every action, and only lists of names and metrics may use every resource", () => {
  for (const { actions, resources } of statementsOf(template, "")) {
    for (const action of actions) expect(action).not.toContain("*");
    if (actions.every((action) => LISTS.test(action) || action === METRICS)) continue;
    for (const resource of resources) expect(resource).not.toBe('"*"');
  }
});

test("an analyst may list catalogs, databases, tables, workgroups and engines, and describe the stack by its name", () => {
  const statements = statementsOf(template, "AnalystsPolicy");
  const lists = statements.filter(({ resources }) => resources.includes('"*"')).flatMap(({ actions }) => actions);
  expect(lists).toEqual(
    expect.arrayContaining([
      "athena:ListDataCatalogs",
      "athena:ListDatabases",
      "athena:ListTableMetadata",
      "athena:GetTableMetadata",
      "athena:ListWorkGroups",
      "athena:ListEngineVersions",
    ]),
  );
  const requested = statements.find(({ actions }) => actions.includes("cloudformation:DescribeStacks"));
  expect(requested?.resources).toEqual([expect.stringContaining(":stack/CallArchive/*")]);
});

test("the receiver may put objects, read its one secret and log, and nothing else", () => {
  const statements = statementsOf(template, "ReceiverHandlerRole");
  expect(statements.flatMap(({ actions }) => actions).toSorted()).toEqual([
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "s3:PutObject",
    "ssm:GetParameter",
  ]);
  const secrets = statements.find(({ actions }) => actions.includes("ssm:GetParameter"));
  expect(secrets?.resources).toEqual([expect.stringMatching(parameter("webhook"))]);
  const puts = statements.find(({ actions }) => actions.includes("s3:PutObject"));
  expect(puts?.resources).toEqual([expect.stringMatching(/ArchiveBucket.*"\/\*\.json"/)]);
});

test("the monitor may read metrics and log, and nothing else", () => {
  const actions = statementsOf(template, "MonitorHandlerRole").flatMap((statement) => statement.actions);
  expect(actions.toSorted()).toEqual([METRICS, "logs:CreateLogStream", "logs:PutLogEvents"]);
  const readers = resourcesOf(template, "AWS::IAM::Policy").filter(({ properties }) =>
    JSON.stringify(properties).includes(METRICS),
  );
  expect(readers.map(({ id }) => id)).toEqual([expect.stringMatching(/^Monitor/)]);
});

test("the processor may enable the compactor's busy schedule, the compactor may also disable it, and no other rule", () => {
  const [rule] = resourcesOf(template, "AWS::Events::Rule").flatMap(({ properties }) => at(properties, "Name") ?? []);
  for (const [role, allowed] of [
    ["ProcessorHandlerRole", ["events:EnableRule"]],
    ["CompactorHandlerRole", ["events:DisableRule", "events:EnableRule"]],
  ] as const) {
    const statements = statementsOf(template, role).filter(({ actions }) => /events:/.test(String(actions)));
    expect(statements.flatMap(({ actions }) => actions).toSorted()).toEqual(allowed);
    expect(statements.flatMap(({ resources }) => resources)).toEqual([expect.stringContaining(`:rule/${rule}"`)]);
  }
  const others = statementsOf(template, "").flatMap(({ actions }) => actions.filter((each) => /^events:/.test(each)));
  expect(others).toHaveLength(3);
});

test("the processor may write recordings, indexes and rows, but never delivered bytes", () => {
  const statements = statementsOf(template, "ProcessorHandlerRole");
  const writes = statements.filter(({ actions }) => actions.some((action) => /^s3:(Put|Delete|Abort)/.test(action)));
  const endings = writes.flatMap(({ resources }) => resources).map((resource) => resource.match(/"\/([^"]+)"/)?.[1]);
  expect(new Set(endings)).toEqual(new Set(["*.mp3", "_index/*", "live/*", "compaction/dirty/*"]));
  const deletes = statements.filter(({ actions }) => actions.includes("s3:DeleteObject"));
  expect(deletes.flatMap(({ resources }) => resources)).toEqual([expect.stringContaining("AnalyticsBucket")]);
});

test("the processor may send messages to its own queue and to no other queue", () => {
  const statements = statementsOf(template, "ProcessorHandlerRole");
  const sends = statements.filter(({ actions }) => actions.includes("sqs:SendMessage"));
  expect(sends.flatMap(({ resources }) => resources)).toEqual([
    expect.stringMatching(/"ProcessorQueue[0-9A-F]+","Arn"/),
  ]);
  const withoutRecordings = statementsOf(templateOf({ fetchRecordings: false }), "ProcessorHandlerRole");
  expect(withoutRecordings.flatMap(({ actions }) => actions)).not.toContain("sqs:SendMessage");
});

test("the compactor may write parts and its state, delete dirty markers and update views, but reads no call", () => {
  const statements = statementsOf(template, "CompactorHandlerRole");
  const objectsFor = (pattern: RegExp) =>
    statements
      .filter(({ actions }) => actions.some((action) => pattern.test(action)))
      .flatMap(({ resources }) => resources)
      .map((resource) => resource.match(/"\/([^"]+)"/)?.[1])
      .toSorted();
  // Athena writes results with the rights of its caller.
  expect(objectsFor(/^s3:Put/)).toEqual(["compaction/state.json", "days/*", "hours/*", "results/*"]);
  expect(objectsFor(/^s3:Delete/)).toEqual(["compaction/dirty/*", "hours/*"]);
  expect(objectsFor(/^s3:Get(?!Bucket)/)).toEqual([
    "compaction/state.json",
    "days/*",
    "hours/*",
    "live/*",
    "results/*",
  ]);
  const changed = statements.find(({ actions }) => actions.includes("glue:UpdateTable"));
  expect(JSON.stringify(changed)).not.toMatch(/_days|_hours|_live|\*/);
  expect(JSON.stringify(statements)).not.toMatch(/ArchiveBucket|Secret|secretsmanager|ssm:/);
});

test("the reconciler may put calls and recordings, but delete nothing", () => {
  const statements = statementsOf(template, "ReconcilerHandlerRole");
  const actions = statements.flatMap((statement) => statement.actions);
  expect(actions.filter((action) => /Delete/.test(action))).toEqual([]);
  const puts = statements.filter((statement) => statement.actions.includes("s3:PutObject"));
  const patterns = puts.flatMap(({ resources }) => resources).map((resource) => resource.match(/"\/([^"]+)"/)?.[1]);
  expect(patterns.toSorted()).toEqual(["*.json", "*.mp3"]);
  const secrets = statements.filter((statement) => statement.actions.includes("ssm:GetParameter"));
  expect(secrets.flatMap(({ resources }) => resources)).toEqual([expect.stringMatching(parameter("elevenlabs"))]);
});

test("the reconciler may list which calls have the row of a recording, and nothing else of the rows", () => {
  const ofRows = statementsOf(template, "ReconcilerHandlerRole").filter(({ resources }) =>
    JSON.stringify(resources).includes("AnalyticsBucket"),
  );
  expect(ofRows.flatMap(({ actions }) => actions)).toEqual(["s3:ListBucket"]);
  const policy = resourcesOf(template, "AWS::IAM::Policy").find(({ id }) => id.startsWith("ReconcilerHandlerRole"));
  const conditions = [at(policy?.properties, "PolicyDocument", "Statement")]
    .flat()
    .map((each) => at(each, "Condition"));
  expect(conditions.filter((each) => each !== undefined)).toEqual([
    { StringLike: { "s3:prefix": "live/recordings/*" } },
  ]);
});

test("the processor may read the two API keys, and not the webhook's secret", () => {
  const statements = statementsOf(template, "ProcessorHandlerRole");
  const secrets = statements.filter((statement) => statement.actions.includes("ssm:GetParameter"));
  expect(secrets.flatMap(({ resources }) => resources).toSorted()).toEqual([
    expect.stringMatching(parameter("elevenlabs")),
    expect.stringMatching(parameter("mem0")),
  ]);
});

test("with Secrets Manager, each function may read the same secrets there, and no parameter", () => {
  const managed = templateOf({ secrets: "secrets-manager" });
  const readBy = (name: string) =>
    statementsOf(managed, `${name}HandlerRole`)
      .filter(({ actions }) => actions.includes("secretsmanager:GetSecretValue"))
      .flatMap(({ resources }) => resources.map((resource) => resource.match(/(Webhook|Mem0|ElevenLabs)Secret/)?.[1]))
      .toSorted();
  expect(["Receiver", "Processor", "Reconciler", "Compactor"].map(readBy)).toEqual([
    ["Webhook"],
    ["ElevenLabs", "Mem0"],
    ["ElevenLabs"],
    [],
  ]);
  expect(JSON.stringify(statementsOf(managed, ""))).not.toContain("ssm:");
});

test("the read API may read calls and recordings and run queries; it writes only Athena's results, and reads no secret", () => {
  const statements = statementsOf(template, "ReadApiHandlerRole");
  const objectsFor = (pattern: RegExp) =>
    statements
      .filter(({ actions }) => actions.some((action) => pattern.test(action)))
      .flatMap(({ resources }) => resources)
      .map((resource) => `${resource.match(/Archive|Analytics/)} ${resource.match(/"\/([^"]+)"/)?.[1]}`)
      .toSorted();
  expect(objectsFor(/^s3:GetObject/)).toEqual([
    "Analytics compaction/state.json",
    "Analytics days/*",
    "Analytics hours/*",
    "Analytics live/*",
    "Analytics results/*",
    "Archive *.json",
    "Archive *.mp3",
    "Archive _index/*",
  ]);
  expect(objectsFor(/^s3:(Put|Abort)/)).toEqual(["Analytics results/*"]);
  const actions = statements.flatMap((statement) => statement.actions);
  expect(actions.filter((action) => /Delete|Create(?!LogStream)|Update|Send|Invoke/.test(action))).toEqual([]);
  expect(JSON.stringify(statements)).not.toMatch(/Secret|secretsmanager|ssm:/);
});

test("a caller of the read API may call its paths, and no other path of the API", () => {
  const [statement, ...others] = statementsOf(template, "ReadApiCallers");
  expect(others).toEqual([]);
  expect(statement?.actions).toEqual(["execute-api:Invoke"]);
  expect(statement?.resources).toEqual([
    expect.stringMatching(/:execute-api:.*"\/\*\/GET\/api\/v1\/\*"/),
    expect.stringMatching(/:execute-api:.*"\/\*\/HEAD\/api\/v1\/\*"/),
  ]);
});

test("an analyst may read no delivered object and no secret", () => {
  const granted = JSON.stringify(statementsOf(template, "AnalystsPolicy"));
  expect(granted).toContain("athena:StartQueryExecution");
  expect(granted).toContain("cloudformation:DescribeStacks");
  expect(granted).not.toMatch(/ArchiveBucket|Secret|secretsmanager|ssm:|s3:Delete/);
});
