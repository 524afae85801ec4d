import { Duration } from "aws-cdk-lib";
import { expect, test } from "vitest";
import { at } from "../../../handlers/call/json.ts";
import { parameterNameIn } from "../../../handlers/clients/credentials/parameter-name.ts";
import { parameterArnOf, parameterNameOf, SECRET_NAMES, SECRETS } from "../../../infrastructure/aws/secret-names.ts";
import { readSavedQueries } from "../../../queries/engine/saved-queries.client.ts";
import { TABLES } from "../../../queries/tables/all.ts";
import { resolved } from "./references.ts";
import { type Resource, resourcesOf, templateOf } from "./template.ts";

const template = templateOf();
const of = (type: string) => resourcesOf(template, type);
const functions = of("AWS::Lambda::Function");
const buckets = of("AWS::S3::Bucket");
const queues = of("AWS::SQS::Queue");

/** The property at `path` of each resource. */
function each(resources: readonly Resource[], ...path: string[]): unknown[] {
  expect(resources.length).toBeGreaterThan(0);
  return resources.map(({ properties }) => at(properties, ...path));
}

test("no bucket is public; each is encrypted, versioned, and accepts TLS only", () => {
  for (const { properties } of buckets) {
    expect(properties).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      VersioningConfiguration: { Status: "Enabled" },
      BucketEncryption: { ServerSideEncryptionConfiguration: [expect.anything()] },
      OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
    });
  }
  const denied = [...of("AWS::S3::BucketPolicy"), ...of("AWS::SQS::QueuePolicy"), ...of("AWS::SNS::TopicPolicy")];
  expect(denied).toHaveLength(buckets.length + queues.length + of("AWS::SNS::Topic").length);
  for (const { properties } of denied) {
    expect(at(properties, "PolicyDocument", "Statement")).toContainEqual(
      expect.objectContaining({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
    );
  }
});

test("buckets and logs stay when the stack is deleted, and are deleted only if its first deployment fails", () => {
  const resources: Record<string, unknown> = template.toJSON()["Resources"];
  for (const { id } of [...buckets, ...of("AWS::Logs::LogGroup")]) {
    expect(at(resources, id, "DeletionPolicy"), id).toBe("RetainExceptOnCreate");
  }
});

test("the stack takes over an existing archive bucket by its name, and never deletes it", () => {
  const adopted = templateOf({ archiveBucketName: "an-archive-that-exists" });
  const [id = ""] = resourcesOf(adopted, "AWS::S3::Bucket").flatMap((bucket) =>
    at(bucket.properties, "BucketName") === undefined ? [] : [bucket.id],
  );
  const bucket = at(adopted.toJSON()["Resources"], id);
  expect(bucket).toMatchObject({
    DeletionPolicy: "Retain",
    UpdateReplacePolicy: "Retain",
    Properties: { BucketName: "an-archive-that-exists" },
  });
});

test("no more than five Athena resources are created at a time", () => {
  const resources: Record<string, unknown> = template.toJSON()["Resources"];
  const isOfAthena = (id: string) => /NamedQuery|PreparedStatement/.test(String(at(resources, id, "Type")));
  const left = new Map(
    Object.keys(resources)
      .filter(isOfAthena)
      .map((id) => [id, [at(resources, id, "DependsOn") ?? []].flat().map(String).filter(isOfAthena)]),
  );
  expect(left.size).toBeGreaterThan(70);
  for (let created = 0; left.size > 0; created += 1) {
    const ready = [...left].flatMap(([id, before]) => (before.some((each) => left.has(each)) ? [] : [id]));
    expect(ready.length).toBeGreaterThan(0);
    expect(ready.length).toBeLessThanOrEqual(5);
    for (const id of ready) left.delete(id);
    expect(created).toBeLessThan(100);
  }
});

test("the compactor and its schedule are created after the views that it moves", () => {
  const resources: Record<string, unknown> = template.toJSON()["Resources"];
  const [rule] = of("AWS::Events::Rule").filter(({ id }) => id.startsWith("Compactor"));
  expect(at(resources, rule?.id ?? "", "DependsOn")).toContainEqual(expect.stringMatching(/^ViewsViews|^Views/));
});

test("calls and recordings move to colder storage; delivered audio and replaced versions expire", () => {
  const rules = at(archiveBucket()?.properties, "LifecycleConfiguration", "Rules");
  expect(rules).toMatchObject([
    {
      Id: "calls",
      NoncurrentVersionExpiration: { NoncurrentDays: 365 },
      Transitions: [{ StorageClass: "GLACIER_IR", TransitionInDays: 2 }],
    },
    { Id: "delivered-audio", Prefix: "_audio/", ExpirationInDays: 30 },
    { Id: "replaced-indexes", Prefix: "_index/", NoncurrentVersionExpiration: { NoncurrentDays: 7 } },
  ]);
  expect(JSON.stringify(rules)).not.toContain('"Id":"calls","ExpirationInDays"');
});

test("S3 notifies the queue of every new .json and of nothing else", () => {
  expect(at(archiveBucket()?.properties, "NotificationConfiguration")).toMatchObject({
    QueueConfigurations: [
      { Event: "s3:ObjectCreated:*", Filter: { S3Key: { Rules: [{ Name: "suffix", Value: ".json" }] } } },
    ],
  });
});

test("every function runs nodejs24.x on arm64, with a timeout and logs that expire", () => {
  expect(functions).toHaveLength(7);
  expect(new Set(each(functions, "Runtime"))).toEqual(new Set(["nodejs24.x"]));
  expect(each(functions, "Architectures").flat()).toEqual(functions.map(() => "arm64"));
  for (const seconds of each(functions, "Timeout")) expect(seconds).toBeLessThanOrEqual(900);
  for (const days of each(of("AWS::Logs::LogGroup"), "RetentionInDays")) expect(days).toBeGreaterThan(0);
  for (const logGroup of each(functions, "LoggingConfig", "LogGroup")) {
    expect(of("AWS::Logs::LogGroup").map(({ id }) => id)).toContain(at(logGroup, "Ref"));
  }
});

test("every queue except a dead-letter queue has a dead-letter queue", () => {
  const targets = queues.map(({ properties }) => at(properties, "RedrivePolicy", "deadLetterTargetArn"));
  const deadLetters = targets.flatMap((target) => [at(target, "Fn::GetAtt")].flat()).filter((id) => id !== "Arn");
  for (const [n, { id }] of queues.entries()) {
    if (!deadLetters.includes(id)) expect(targets[n], id).toBeDefined();
  }
});

test("the visibility timeout of a queue is more than six times the timeout of its function", () => {
  for (const { properties } of of("AWS::Lambda::EventSourceMapping")) {
    const timeout = Number(at(target(at(properties, "FunctionName")), "Timeout"));
    const visibility = Number(at(target(at(properties, "EventSourceArn")), "VisibilityTimeout"));
    expect(timeout).toBeLessThan(visibility / 6);
    expect(properties).toMatchObject({
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: 4 },
    });
  }
});

test("no resource has a fixed name that a second archive in the account would also use", () => {
  const named = ["BucketName", "QueueName", "FunctionName", "RoleName", "TopicName", "AlarmName", "LogGroupName"];
  for (const { id, type, properties } of resourcesOf(template)) {
    if (/^AWS::(Lambda::(Permission|EventSourceMapping|EventInvokeConfig)|Logs::MetricFilter)$/.test(type)) continue;
    for (const name of named) expect(at(properties, name), id).toBeUndefined();
  }
});

test("every table has three Glue tables, with the described columns and partitions that need no crawler", () => {
  const glue = of("AWS::Glue::Table").map(({ properties }) => at(properties, "TableInput"));
  expect(glue.map((input) => at(input, "Name")).toSorted()).toEqual(
    TABLES.flatMap(({ name }) => [`${name}_days`, `${name}_hours`, `${name}_live`]).toSorted(),
  );
  for (const { name, columns } of TABLES) {
    const live = glue.find((input) => at(input, "Name") === `${name}_live`);
    const names = [at(live, "StorageDescriptor", "Columns")].flat().map((column) => at(column, "Name"));
    expect(names).toEqual(Object.keys(columns));
    expect(at(live, "PartitionKeys")).toMatchObject([
      { Name: "dt", Type: "string" },
      { Name: "hr", Type: "string" },
    ]);
    expect(at(live, "Parameters")).toMatchObject({
      has_encrypted_data: "false",
      "projection.enabled": "true",
      "projection.dt.type": "date",
      "projection.dt.range": "2023-01-01,NOW+1DAYS",
      "projection.hr.type": "integer",
      "projection.hr.range": "0,23",
      "projection.hr.digits": "2",
    });
    const placeOf = (side: string) =>
      JSON.stringify(
        at(
          glue.find((input) => at(input, "Name") === `${name}_${side}`),
          "Parameters",
          "storage.location.template",
        ),
      );
    expect(placeOf("live")).toContain(`/live/${name}/dt=\${dt}/hr=\${hr}/`);
    expect(placeOf("hours")).toContain(`/hours/${name}/dt=\${dt}/pack=\${pack}/`);
    expect(placeOf("days")).toContain(`/days/${name}/dt=\${dt}/`);
  }
});

test("every saved query is a named query and a prepared statement in a workgroup with limits", async () => {
  const queries = await readSavedQueries();
  expect(each(of("AWS::Athena::NamedQuery"), "Name").toSorted()).toEqual(queries.map(({ name }) => name).toSorted());
  expect(each(of("AWS::Athena::PreparedStatement"), "QueryStatement").toSorted()).toEqual(
    queries.map(({ sql }) => sql).toSorted(),
  );
  expect(each(of("AWS::Athena::WorkGroup"), "WorkGroupConfiguration")).toMatchObject([
    { EnforceWorkGroupConfiguration: true, BytesScannedCutoffPerQuery: 10 * 1024 ** 3 },
  ]);
});

/** Each route of the HTTP API: who may call it, and which function it reaches. */
function routesOf(from: typeof template): string[] {
  const integrations = new Map(
    resourcesOf(from, "AWS::ApiGatewayV2::Integration").map(({ id, properties }) => [
      id,
      String([at(properties, "IntegrationUri", "Fn::GetAtt")].flat()[0]).replace(/Handler.*$/, ""),
    ]),
  );
  return resourcesOf(from, "AWS::ApiGatewayV2::Route")
    .map(({ properties }) => {
      const target = JSON.stringify(at(properties, "Target")).match(/"Ref":"(\w+)"/)?.[1] ?? "";
      return `${at(properties, "RouteKey")}, ${at(properties, "AuthorizationType")}: ${integrations.get(target)}`;
    })
    .toSorted();
}

const OF_WEBHOOKS = ["POST /post-call, NONE: Receiver", "POST /post-call/{proxy+}, NONE: Receiver"];

test("the HTTP API has the webhook's route, and the read API's for callers of IAM; neither reaches the other", () => {
  const ofReadApi = ["GET", "HEAD"].map((method) => `${method} /api/v1/{proxy+}, AWS_IAM: ReadApi`);
  expect(routesOf(template)).toEqual([...ofReadApi, ...OF_WEBHOOKS]);
  // What may invoke the receiver names the path of the webhook, and what may invoke the read API its own.
  const sources = of("AWS::Lambda::Permission").flatMap(({ properties }) => {
    const source = JSON.stringify(at(properties, "SourceArn")).match(/"(\/[^"]+)"/)?.[1];
    const [name] = JSON.stringify(at(properties, "FunctionName")).match(/Receiver|ReadApi/) ?? [];
    return name ? [`${name} ${source}`] : [];
  });
  expect(sources.toSorted()).toEqual([
    "ReadApi /*/*/api/v1/{proxy+}",
    "ReadApi /*/*/api/v1/{proxy+}",
    "Receiver /*/*/post-call",
    "Receiver /*/*/post-call/{proxy+}",
  ]);
});

test("requests of the read API are limited, so that they leave functions for deliveries", () => {
  const limit = { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 };
  expect(each(of("AWS::ApiGatewayV2::Stage"), "RouteSettings")).toEqual([
    { "GET /api/v1/{proxy+}": limit, "HEAD /api/v1/{proxy+}": limit },
  ]);
  // API Gateway refuses the settings of a route that does not exist yet.
  const resources: Record<string, unknown> = template.toJSON()["Resources"];
  const [stage] = of("AWS::ApiGatewayV2::Stage");
  expect(at(resources, stage?.id ?? "", "DependsOn")).toEqual([
    expect.stringContaining("GETapiv1proxy"),
    expect.stringContaining("HEADapiv1proxy"),
  ]);
});

test("the access log has no path, which may contain a phone number", () => {
  const [format] = each(of("AWS::ApiGatewayV2::Stage"), "AccessLogSettings", "Format");
  expect(format).toContain("$context.routeKey");
  expect(format).not.toMatch(/path/i);
});

test("without the read API, the stack has nothing of it", () => {
  const without = templateOf({ readApi: false });
  expect(routesOf(without)).toEqual(OF_WEBHOOKS);
  expect(each(resourcesOf(without, "AWS::ApiGatewayV2::Stage"), "RouteSettings")).toEqual([undefined]);
  expect(JSON.stringify(without.toJSON())).not.toMatch(/ReadApi|api\/v1/);
});

test("the read API costs nothing while it is unused: no alarm, no schedule, no metric", () => {
  const [with_, without] = [template, templateOf({ readApi: false })];
  for (const type of ["AWS::CloudWatch::Alarm", "AWS::Events::Rule", "AWS::CloudWatch::Dashboard"]) {
    expect(resourcesOf(with_, type).length, type).toBe(resourcesOf(without, type).length);
  }
});

test("schedules run the compactor, the reconciler and the monitor, and a failed run is not retried", () => {
  const scheduled = of("AWS::Events::Rule").map(({ properties }) => [
    String(at(properties, "ScheduleExpression")),
    JSON.stringify(at(properties, "Targets")).match(/(Compactor|Reconciler|Monitor)Handler/)?.[1],
  ]);
  expect(scheduled.toSorted()).toEqual([
    ["cron(17 * * * ? *)", "Monitor"],
    ["cron(20 * * * ? *)", "Compactor"],
    ["rate(1 hour)", "Reconciler"],
    ["rate(5 minutes)", "Compactor"],
  ]);
  expect(new Set(each(of("AWS::Lambda::EventInvokeConfig"), "MaximumRetryAttempts"))).toEqual(new Set([0]));
});

test("the stack has the outputs that people and commands read", () => {
  expect(Object.keys(template.findOutputs("*"))).toEqual(
    expect.arrayContaining([
      "WebhookUrl",
      "ArchiveBucketName",
      "AnalyticsBucketName",
      "DatabaseName",
      "WorkgroupName",
      "WebhookSecretArn",
      "Mem0SecretArn",
      "ElevenLabsSecretArn",
      "MonitorLogGroup",
    ]),
  );
});

test("the parameters of two stacks differ, and none is a resource that the stack would delete", () => {
  expect(of("AWS::SecretsManager::Secret")).toEqual([]);
  expect(of("AWS::SSM::Parameter")).toEqual([]);
  expect(parameterNameOf("CallArchive", "webhook")).not.toBe(parameterNameOf("CallArchiveTest", "webhook"));
});

test("with Secrets Manager, a stack keeps the secrets that it has, with their ids and first values", () => {
  const secrets = resourcesOf(templateOf({ secrets: "secrets-manager" }), "AWS::SecretsManager::Secret");
  expect(secrets).toMatchObject([
    { id: "ReceiverWebhookSecret96F4D864", properties: { GenerateSecretString: {} } },
    { id: "ProcessorMem0SecretDCB1D6E3", properties: { SecretString: "not set yet" } },
    { id: "ProcessorElevenLabsSecret35DECF70", properties: { SecretString: "not set yet" } },
  ]);
});

test.each(SECRET_NAMES)("the command stores %s where the functions read it", (name) => {
  const join = at(template.findOutputs("*"), SECRETS[name].output, "Value");
  const read = String(resolved(join, (id) => ({ "AWS::Partition": "aws", "AWS::Region": "r" })[id] ?? "1"));
  expect(parameterNameIn(read)).toBe(parameterNameOf("CallArchive", name));
  expect(parameterArnOf("arn:aws:secretsmanager:r:1:secret:x", "CallArchive", name)).toBe(read);
  const variables = of("AWS::Lambda::Function").flatMap(({ properties }) =>
    Object.values(Object(at(properties, "Environment", "Variables"))),
  );
  expect(variables).toContainEqual(join);
});

test("every function has the domain of AWS in the partition of the stack", () => {
  const suffixes = of("AWS::Lambda::Function").map(({ properties }) =>
    at(properties, "Environment", "Variables", "URL_SUFFIX"),
  );
  expect(suffixes.length).toBeGreaterThan(5);
  expect(new Set(suffixes.map((each) => JSON.stringify(each)))).toEqual(new Set(['{"Ref":"AWS::URLSuffix"}']));
});

test("replication, object lock and retention are off by default", () => {
  const plain = archiveBucket()?.properties;
  expect(at(plain, "ReplicationConfiguration")).toBeUndefined();
  expect(at(plain, "ObjectLockEnabled")).toBeUndefined();
  const requested = templateOf({
    replicateTo: "arn:aws:s3:::a-bucket-far-away",
    objectLock: Duration.days(30),
    retention: Duration.days(730),
  });
  const bucket = resourcesOf(requested, "AWS::S3::Bucket").find(({ id }) => id.startsWith("ArchiveBucket"));
  expect(bucket?.properties).toMatchObject({
    ReplicationConfiguration: { Rules: [{ Destination: { Bucket: "arn:aws:s3:::a-bucket-far-away" } }] },
    ObjectLockEnabled: true,
    ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: "GOVERNANCE", Days: 30 } } },
  });
  expect(at(bucket?.properties, "LifecycleConfiguration", "Rules")).toMatchObject([{ ExpirationInDays: 730 }, {}, {}]);
});

test("without Mem0 and ElevenLabs there are no secrets for them, no reconciler, and none of its alarms", () => {
  const without = templateOf({ remember: false, fetchRecordings: false, alarms: "each" });
  expect(Object.keys(without.findOutputs("*")).filter((name) => name.endsWith("SecretArn"))).toEqual([
    "WebhookSecretArn",
  ]);
  expect(resourcesOf(without, "AWS::Lambda::Function")).toHaveLength(6);
  const alarms = resourcesOf(without, "AWS::CloudWatch::Alarm").map(({ id }) => id);
  expect(alarms.filter((id) => /Missing|Webhook|Reconciler/.test(id))).toEqual([]);
});

function archiveBucket(): Resource | undefined {
  return buckets.find(({ id }) => id.startsWith("ArchiveBucket"));
}

/** The properties of the resource at the target of a reference. */
function target(reference: unknown): unknown {
  const id = at(reference, "Ref") ?? [at(reference, "Fn::GetAtt")].flat()[0];
  return resourcesOf(template).find((resource) => resource.id === id)?.properties;
}
