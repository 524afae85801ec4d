import { expect, test } from "vitest";
import { at } from "../../../handlers/call/json.ts";
import { resourcesOf, templateOf } from "./template.ts";

const template = templateOf();
const encrypted = templateOf({ kmsKey: true });

/** Every statement of every resource policy of `type`. */
function statements(of: typeof template, type: string): unknown[] {
  return resourcesOf(of, type).flatMap(({ properties }) => [at(properties, "PolicyDocument", "Statement")].flat());
}

/** The statements of resource policies of `type` that allow something to `service`. */
function allowed(of: typeof template, type: string, service: string): unknown[] {
  return statements(of, type).filter(
    (each) => at(each, "Effect") === "Allow" && JSON.stringify(at(each, "Principal")).includes(service),
  );
}

const OF_THIS_ACCOUNT = { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } };

test("CloudWatch may publish every alarm to the topic", () => {
  const [topic] = resourcesOf(template, "AWS::SNS::Topic");
  expect(allowed(template, "AWS::SNS::TopicPolicy", "cloudwatch.amazonaws.com")).toMatchObject([
    {
      Action: "sns:Publish",
      Condition: OF_THIS_ACCOUNT,
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Resource: { Ref: topic?.id },
    },
  ]);
});

test("S3 may send to the processor's queue, and its notification depends on that permission", () => {
  const [sent] = allowed(template, "AWS::SQS::QueuePolicy", "s3.amazonaws.com");
  expect(sent).toMatchObject({ Action: "sqs:SendMessage", Condition: OF_THIS_ACCOUNT });
  const resources: Record<string, unknown> = template.toJSON()["Resources"];
  const bucket = resourcesOf(template, "AWS::S3::Bucket").find(({ properties }) =>
    at(properties, "NotificationConfiguration"),
  );
  const [policy] = resourcesOf(template, "AWS::SQS::QueuePolicy").filter(({ properties }) =>
    JSON.stringify(properties).includes("s3.amazonaws.com"),
  );
  expect(at(resources, bucket?.id ?? "", "DependsOn")).toContain(policy?.id);
  const [notified] = [at(bucket?.properties, "NotificationConfiguration", "QueueConfigurations")].flat();
  expect(at(sent, "Resource")).toBeDefined();
  expect(at(sent, "Resource")).toEqual(at(notified, "Queue"));
});

test("only each schedule may invoke its function, and only API Gateway the receiver and the read API", () => {
  const permissions = resourcesOf(template, "AWS::Lambda::Permission").map(({ properties }) => ({
    by: at(properties, "Principal"),
    action: at(properties, "Action"),
    of: JSON.stringify(at(properties, "FunctionName")).match(
      /(Receiver|Compactor|Reconciler|Processor|Views|Monitor|ReadApi)/,
    )?.[1],
    source: JSON.stringify(at(properties, "SourceArn") ?? null),
  }));
  expect(permissions.map(({ by, of }) => `${by} ${of}`).toSorted()).toEqual([
    "apigateway.amazonaws.com ReadApi",
    "apigateway.amazonaws.com ReadApi",
    "apigateway.amazonaws.com Receiver",
    "apigateway.amazonaws.com Receiver",
    "events.amazonaws.com Compactor",
    "events.amazonaws.com Compactor",
    "events.amazonaws.com Monitor",
    "events.amazonaws.com Reconciler",
  ]);
  for (const { action, source, of } of permissions) {
    expect(action).toBe("lambda:InvokeFunction");
    const path = { Receiver: "/post-call", ReadApi: "/api/v1/" }[of ?? ""];
    expect(source).toMatch(path ?? new RegExp(`"${of}(Busy)?Schedule`));
  }
});

test("API Gateway may write access logs to its log group, and S3 to the bucket of access logs", () => {
  const written = resourcesOf(template, "AWS::Logs::ResourcePolicy").map(({ properties }) =>
    JSON.stringify(properties),
  );
  expect(written).toEqual([expect.stringContaining("delivery.logs.amazonaws.com")]);
  expect(written[0]).toContain("logs:PutLogEvents");
  const delivered = allowed(template, "AWS::S3::BucketPolicy", "logging.s3.amazonaws.com");
  const sources = JSON.stringify(delivered);
  expect(sources).toContain("s3:PutObject");
  for (const source of ["ArchiveBucket", "AnalyticsBucket"]) expect(sources).toContain(source);
});

test("a customer managed key encrypts the secrets of Secrets Manager, and the command gets it from an output", () => {
  const managed = templateOf({ kmsKey: true, secrets: "secrets-manager" });
  const [key] = resourcesOf(managed, "AWS::KMS::Key");
  const arn = { "Fn::GetAtt": [key?.id, "Arn"] };
  const secrets = resourcesOf(managed, "AWS::SecretsManager::Secret");
  expect(secrets.map(({ properties }) => at(properties, "KmsKeyId"))).toEqual([arn, arn, arn]);
  expect(at(encrypted.findOutputs("KeyArn"), "KeyArn", "Value")).toEqual(arn);
});

test.each([
  ["parameter-store", "ssm"],
  ["secrets-manager", "secretsmanager"],
] as const)("the receiver may decrypt the secret in its store: %s", (secrets, service) => {
  const policies = resourcesOf(templateOf({ kmsKey: true, secrets }), "AWS::IAM::Policy");
  const [policy] = policies.filter(({ id }) => id.startsWith("ReceiverHandlerRole"));
  const use = [at(policy?.properties, "PolicyDocument", "Statement")]
    .flat()
    .find((statement) => JSON.stringify(statement).includes("kms:Decrypt"));
  const services = JSON.stringify(at(use, "Condition", "StringEquals", "kms:ViaService"));
  expect(services.match(/\b(s3|ssm|secretsmanager)\./g)).toEqual(["s3.", `${service}.`]);
});

test("a customer managed key encrypts buckets, queues, topic and logs", () => {
  const [key] = resourcesOf(encrypted, "AWS::KMS::Key");
  const arn = { "Fn::GetAtt": [key?.id, "Arn"] };
  const keysOf = (type: string, ...path: string[]) =>
    resourcesOf(encrypted, type).map(({ id, properties }) => [id, at(properties, ...path)] as const);
  const buckets = resourcesOf(encrypted, "AWS::S3::Bucket").filter(({ id }) => !id.includes("AccessLogs"));
  for (const { properties } of buckets) {
    expect(JSON.stringify(at(properties, "BucketEncryption"))).toContain(`"KMSMasterKeyID":${JSON.stringify(arn)}`);
  }
  const others = [
    ...keysOf("AWS::SQS::Queue", "KmsMasterKeyId"),
    ...keysOf("AWS::SNS::Topic", "KmsMasterKeyId"),
    ...keysOf("AWS::Logs::LogGroup", "KmsKeyId"),
  ];
  expect(others).toHaveLength(2 + 1 + 8);
  for (const [id, used] of others) expect(used, id).toEqual(arn);
});

test("S3, CloudWatch, the logs, each function and analysts may use a customer managed key", () => {
  const [key] = resourcesOf(encrypted, "AWS::KMS::Key");
  const services = [at(key?.properties, "KeyPolicy", "Statement")].flat().flatMap((each) => {
    const service = at(each, "Principal", "Service");
    return service === undefined ? [] : [JSON.stringify(service)];
  });
  for (const service of ["s3.amazonaws.com", "cloudwatch.amazonaws.com", "logs."]) {
    expect(
      services.filter((each) => each.includes(service)),
      service,
    ).not.toEqual([]);
  }
  const users = [...resourcesOf(encrypted, "AWS::IAM::Policy"), ...resourcesOf(encrypted, "AWS::IAM::ManagedPolicy")]
    .filter(({ properties }) => JSON.stringify(properties).includes("kms:GenerateDataKey"))
    .map(({ id }) => id.match(/^(Receiver|Processor|Compactor|Reconciler|Views|Analysts|ReadApi)/)?.[1]);
  expect(users.toSorted()).toEqual([
    "Analysts",
    "Compactor",
    "Processor",
    "ReadApi",
    "Receiver",
    "Reconciler",
    "Views",
  ]);
});
