import { AthenaClient, GetWorkGroupCommand, StartQueryExecutionCommand } from "@aws-sdk/client-athena";
import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { DisableRuleCommand, EnableRuleCommand, EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { DeleteTableCommand, GlueClient, UpdateTableCommand } from "@aws-sdk/client-glue";
import {
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  CreateQueueCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { beforeAll, expect, test } from "vitest";
import { parameterNameIn } from "../../handlers/clients/credentials/parameter-name.ts";
import type { FunctionName } from "../../infrastructure/aws/bundle.client.ts";
import { anAthenaServer } from "../support/servers/athena-server.ts";
import { isAllowed } from "../support/servers/iam-policy.ts";
import { AWS, aBucket, describeAws, MOTO, s3 } from "./aws.ts";
import { admitted } from "./iam.ts";
import { aSecret } from "./pipeline.ts";
import { analystStatements, functionStatements, literalsOf } from "./stack-policies.ts";

type Role = FunctionName | "analyst";
type Bucket = "ARCHIVE_BUCKET" | "ANALYTICS_BUCKET";
type Deployment = Readonly<Record<string, string>>;

/** A call to AWS with the rights of one function, or of an analyst. */
type Call = (clients: Clients, env: Deployment) => Promise<unknown>;
type Clients = ReturnType<typeof clientsWith>;

const get =
  (bucket: Bucket, Key: string): Call =>
  ({ s3 }, env) =>
    s3.send(new GetObjectCommand({ Bucket: env[bucket], Key }));
const head =
  (bucket: Bucket, Key: string): Call =>
  ({ s3 }, env) =>
    s3.send(new HeadObjectCommand({ Bucket: env[bucket], Key }));
const put =
  (bucket: Bucket, Key: string, more: Partial<PutObjectCommandInput> = {}): Call =>
  ({ s3 }, env) =>
    s3.send(new PutObjectCommand({ Bucket: env[bucket], Key, Body: "x", ...more }));
const remove =
  (bucket: Bucket, Key: string, VersionId?: string): Call =>
  ({ s3 }, env) =>
    s3.send(new DeleteObjectCommand({ Bucket: env[bucket], Key, VersionId }));
const list =
  (bucket: Bucket, Prefix?: string): Call =>
  ({ s3 }, env) =>
    s3.send(new ListObjectsV2Command({ Bucket: env[bucket], Prefix }));
const copy =
  (Key: string, source: string): Call =>
  ({ s3 }, { ARCHIVE_BUCKET: Bucket }) =>
    s3.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/${source}` }));
const secret =
  (name: string): Call =>
  ({ ssm }, env) =>
    ssm.send(new GetParameterCommand({ Name: parameterNameIn(env[name] ?? ""), WithDecryption: true }));
const send: Call = ({ sqs }, env) =>
  sqs.send(new SendMessageCommand({ QueueUrl: env["QUEUE_URL"], MessageBody: "{}" }));
const receive =
  (name: string): Call =>
  ({ sqs }, env) =>
    sqs.send(new ReceiveMessageCommand({ QueueUrl: env[name] }));
const query =
  (WorkGroup = String(literalsOf("compactor")["WORKGROUP"])): Call =>
  ({ athena }) =>
    athena.send(new StartQueryExecutionCommand({ QueryString: "select 1", WorkGroup }));
const redefine =
  (Name: string): Call =>
  ({ glue }, { DATABASE: DatabaseName }) =>
    glue.send(new UpdateTableCommand({ DatabaseName, TableInput: { Name } }));
const BUSY_SCHEDULE = String(literalsOf("compactor")["BUSY_SCHEDULE"]);
const enableRule =
  (Name: string): Call =>
  ({ events }) =>
    events.send(new EnableRuleCommand({ Name }));
const disableRule =
  (Name: string): Call =>
  ({ events }) =>
    events.send(new DisableRuleCommand({ Name }));
const readMetrics: Call = ({ cloudWatch }) =>
  cloudWatch.send(new GetMetricDataCommand({ StartTime: new Date(0), EndTime: new Date(), MetricDataQueries: [] }));
const call = (sent: Call): Call => sent;

/** The role, the action, the missing right, and the call. */
const REFUSED: readonly (readonly [role: Role, action: string, missing: string, call: Call])[] = [
  ["receiver", "reads a call", "s3:GetObject", get("ARCHIVE_BUCKET", "1/a.json")],
  ["receiver", "requests a call's metadata", "s3:GetObject", head("ARCHIVE_BUCKET", "1/a.json")],
  ["receiver", "lists the archive", "s3:ListBucket", list("ARCHIVE_BUCKET")],
  ["receiver", "deletes a call", "s3:DeleteObject", remove("ARCHIVE_BUCKET", "1/a.json")],
  ["receiver", "puts a recording", "s3:PutObject", put("ARCHIVE_BUCKET", "1/a.mp3")],
  ["receiver", "puts an index", "s3:PutObject", put("ARCHIVE_BUCKET", "_index/a")],
  ["processor", "tags a recording", "s3:PutObjectTagging", put("ARCHIVE_BUCKET", "1/a.mp3", { Tagging: "a=b" })],
  ["receiver", "tags a call", "s3:PutObjectTagging", put("ARCHIVE_BUCKET", "1/a.json", { Tagging: "a=b" })],
  ["receiver", "puts if the ETag matches", "s3:GetObject", put("ARCHIVE_BUCKET", "1/a.json", { IfMatch: '"x"' })],
  ["receiver", "copies a call", "s3:GetObject", copy("1/b.json", "1/a.json")],
  ["receiver", "puts rows", "s3:PutObject", put("ANALYTICS_BUCKET", "live/turns/dt=2026-11-20/hr=10/a.parquet")],
  ["receiver", "reads ElevenLabs' key", "ssm:GetParameter", secret("ELEVENLABS_SECRET_ARN")],
  ["receiver", "reads Mem0's key", "ssm:GetParameter", secret("MEM0_SECRET_ARN")],
  ["receiver", "sends a message", "sqs:SendMessage", send],
  [
    "receiver",
    "changes the webhook's secret",
    "ssm:PutParameter",
    call(({ ssm }, env) => {
      const Name = parameterNameIn(env["WEBHOOK_SECRET_ARN"] ?? "");
      return ssm.send(new PutParameterCommand({ Name, Value: "x", Type: "SecureString", Overwrite: true }));
    }),
  ],
  ["processor", "overwrites a call", "s3:PutObject", put("ARCHIVE_BUCKET", "1/a.json")],
  ["processor", "deletes a call", "s3:DeleteObject", remove("ARCHIVE_BUCKET", "1/a.json")],
  ["processor", "deletes a recording", "s3:DeleteObject", remove("ARCHIVE_BUCKET", "1/a.mp3")],
  ["processor", "deletes a version of a call", "s3:DeleteObjectVersion", remove("ARCHIVE_BUCKET", "1/a.json", "v1")],
  ["processor", "copies over a call", "s3:PutObject", copy("1/a.json", "1/a.json")],
  ["processor", "reads the webhook's secret", "ssm:GetParameter", secret("WEBHOOK_SECRET_ARN")],
  [
    "processor",
    "puts a closed day",
    "s3:PutObject",
    put("ANALYTICS_BUCKET", "days/turns/dt=2026-11-20/part-00.parquet"),
  ],
  ["processor", "puts the compactor's state", "s3:PutObject", put("ANALYTICS_BUCKET", "compaction/state.json")],
  ["processor", "deletes a closed day", "s3:DeleteObject", remove("ANALYTICS_BUCKET", "days/turns/a.parquet")],
  ["processor", "reads rows", "s3:GetObject", get("ANALYTICS_BUCKET", "live/turns/dt=2026-11-20/hr=10/a.parquet")],
  [
    "processor",
    "reads a dirty marker",
    "s3:GetObject",
    get("ANALYTICS_BUCKET", "compaction/dirty/dt=2026-11-20/hr=10/a.1"),
  ],
  [
    "processor",
    "deletes a dirty marker",
    "s3:DeleteObject",
    remove("ANALYTICS_BUCKET", "compaction/dirty/dt=2026-11-20/hr=10/a.1"),
  ],
  ["processor", "lists the rows", "s3:ListBucket", list("ANALYTICS_BUCKET", "live/")],
  ["processor", "receives dead letters", "sqs:ReceiveMessage", receive("DEAD_LETTERS_URL")],
  ["processor", "runs a query", "athena:StartQueryExecution", query()],
  [
    "processor",
    "empties its queue",
    "sqs:PurgeQueue",
    call(({ sqs }, env) => sqs.send(new PurgeQueueCommand({ QueueUrl: env["QUEUE_URL"] }))),
  ],
  ["compactor", "reads a call", "s3:GetObject", get("ARCHIVE_BUCKET", "1/a.json")],
  ["compactor", "reads a recording", "s3:GetObject", get("ARCHIVE_BUCKET", "1/a.mp3")],
  ["compactor", "overwrites a call", "s3:PutObject", put("ARCHIVE_BUCKET", "1/a.json")],
  ["compactor", "lists the archive", "s3:ListBucket", list("ARCHIVE_BUCKET")],
  ["compactor", "puts rows", "s3:PutObject", put("ANALYTICS_BUCKET", "live/turns/dt=2026-11-20/hr=10/a.parquet")],
  [
    "compactor",
    "deletes rows",
    "s3:DeleteObject",
    remove("ANALYTICS_BUCKET", "live/turns/dt=2026-11-20/hr=10/a.parquet"),
  ],
  ["compactor", "deletes a closed day", "s3:DeleteObject", remove("ANALYTICS_BUCKET", "days/turns/a.parquet")],
  ["compactor", "deletes its state", "s3:DeleteObject", remove("ANALYTICS_BUCKET", "compaction/state.json")],
  ["compactor", "queries in another workgroup", "athena:StartQueryExecution", query("primary")],
  ["compactor", "redefines a table that is not a view", "glue:UpdateTable", redefine("turns_live")],
  [
    "compactor",
    "deletes a view",
    "glue:DeleteTable",
    call(({ glue }, { DATABASE: DatabaseName }) => glue.send(new DeleteTableCommand({ DatabaseName, Name: "turns" }))),
  ],
  ["compactor", "reads ElevenLabs' key", "ssm:GetParameter", secret("ELEVENLABS_SECRET_ARN")],
  ["compactor", "sends a message", "sqs:SendMessage", send],
  ["compactor", "disables another rule", "events:DisableRule", disableRule("another")],
  ["processor", "disables the compactor's rule", "events:DisableRule", disableRule(BUSY_SCHEDULE)],
  ["processor", "enables another rule", "events:EnableRule", enableRule("another")],
  ["monitor", "reads a call", "s3:GetObject", get("ARCHIVE_BUCKET", "1/a.json")],
  ["monitor", "reads dead letters", "sqs:ReceiveMessage", receive("DEAD_LETTERS_URL")],
  ["receiver", "reads metrics", "cloudwatch:GetMetricData", readMetrics],
  ["reconciler", "deletes a call", "s3:DeleteObject", remove("ARCHIVE_BUCKET", "1/a.json")],
  ["reconciler", "deletes a recording", "s3:DeleteObject", remove("ARCHIVE_BUCKET", "1/a.mp3")],
  ["reconciler", "puts an index", "s3:PutObject", put("ARCHIVE_BUCKET", "_index/a")],
  ["reconciler", "puts something else", "s3:PutObject", put("ARCHIVE_BUCKET", "1/a.txt")],
  ["reconciler", "reads the rows", "s3:GetObject", get("ANALYTICS_BUCKET", "live/turns/dt=2026-11-20/hr=10/a.parquet")],
  ["reconciler", "puts rows", "s3:PutObject", put("ANALYTICS_BUCKET", "live/turns/dt=2026-11-20/hr=10/a.parquet")],
  ["reconciler", "reads the webhook's secret", "ssm:GetParameter", secret("WEBHOOK_SECRET_ARN")],
  ["reconciler", "reads Mem0's key", "ssm:GetParameter", secret("MEM0_SECRET_ARN")],
  ["reconciler", "sends a message", "sqs:SendMessage", send],
  ["views", "reads a call", "s3:GetObject", get("ARCHIVE_BUCKET", "1/a.json")],
  ["views", "reads rows", "s3:GetObject", get("ANALYTICS_BUCKET", "live/turns/dt=2026-11-20/hr=10/a.parquet")],
  ["views", "puts the compactor's state", "s3:PutObject", put("ANALYTICS_BUCKET", "compaction/state.json")],
  ["views", "deletes a closed day", "s3:DeleteObject", remove("ANALYTICS_BUCKET", "days/turns/a.parquet")],
  ["views", "queries in another workgroup", "athena:StartQueryExecution", query("primary")],
  ["views", "reads the webhook's secret", "ssm:GetParameter", secret("WEBHOOK_SECRET_ARN")],
  ["readApi", "overwrites a call", "s3:PutObject", put("ARCHIVE_BUCKET", "1/a.json")],
  ["readApi", "puts an index", "s3:PutObject", put("ARCHIVE_BUCKET", "_index/a")],
  ["readApi", "deletes a call", "s3:DeleteObject", remove("ARCHIVE_BUCKET", "1/a.json")],
  ["readApi", "puts rows", "s3:PutObject", put("ANALYTICS_BUCKET", "live/turns/dt=2026-11-20/hr=10/a.parquet")],
  ["readApi", "puts the compactor's state", "s3:PutObject", put("ANALYTICS_BUCKET", "compaction/state.json")],
  ["readApi", "reads the webhook's secret", "ssm:GetParameter", secret("WEBHOOK_SECRET_ARN")],
  ["readApi", "reads Mem0's key", "ssm:GetParameter", secret("MEM0_SECRET_ARN")],
  ["readApi", "queries in another workgroup", "athena:StartQueryExecution", query("primary")],
  ["readApi", "redefines a view", "glue:UpdateTable", redefine("turns")],
  ["readApi", "sends a message", "sqs:SendMessage", send],
  ["analyst", "reads a call", "s3:GetObject", get("ARCHIVE_BUCKET", "1/a.json")],
  ["analyst", "reads a recording", "s3:GetObject", get("ARCHIVE_BUCKET", "1/a.mp3")],
  ["analyst", "lists the archive", "s3:ListBucket", list("ARCHIVE_BUCKET")],
  ["analyst", "lists the whole analytics bucket", "s3:ListBucket", list("ANALYTICS_BUCKET")],
  ["analyst", "lists the compactor's folder", "s3:ListBucket", list("ANALYTICS_BUCKET", "compaction/")],
  ["analyst", "puts rows", "s3:PutObject", put("ANALYTICS_BUCKET", "live/turns/dt=2026-11-20/hr=10/a.parquet")],
  [
    "analyst",
    "begins an upload of a closed day",
    "s3:PutObject",
    call(({ s3 }, { ANALYTICS_BUCKET: Bucket }) =>
      s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "days/turns/a.parquet" })),
    ),
  ],
  [
    "analyst",
    "deletes rows",
    "s3:DeleteObject",
    remove("ANALYTICS_BUCKET", "live/turns/dt=2026-11-20/hr=10/a.parquet"),
  ],
  ["analyst", "reads the webhook's secret", "ssm:GetParameter", secret("WEBHOOK_SECRET_ARN")],
  ["analyst", "queries in another workgroup", "athena:StartQueryExecution", query("primary")],
  [
    "analyst",
    "reads another workgroup",
    "athena:GetWorkGroup",
    call(({ athena }) => athena.send(new GetWorkGroupCommand({ WorkGroup: "primary" }))),
  ],
  ["analyst", "redefines a view", "glue:UpdateTable", redefine("turns")],
  ["analyst", "receives messages", "sqs:ReceiveMessage", receive("QUEUE_URL")],
  [
    "analyst",
    "opens a bucket to others",
    "s3:PutBucketPolicy",
    call(({ s3 }, { ANALYTICS_BUCKET: Bucket }) => s3.send(new PutBucketPolicyCommand({ Bucket, Policy: "{}" }))),
  ],
];

/** Calls that the same clients may make: so the refusals above are due to the policies, and not to the clients. */
const ALLOWED: readonly (readonly [role: Role, action: string, call: Call])[] = [
  ["receiver", "puts a call", put("ARCHIVE_BUCKET", "1/b.json")],
  ["receiver", "reads its secret", secret("WEBHOOK_SECRET_ARN")],
  ["processor", "reads a call", get("ARCHIVE_BUCKET", "1/a.json")],
  ["processor", "puts a recording", put("ARCHIVE_BUCKET", "1/b.mp3")],
  ["processor", "puts a dirty marker", put("ANALYTICS_BUCKET", "compaction/dirty/dt=2026-11-20/hr=10/b.1")],
  ["processor", "receives messages", receive("QUEUE_URL")],
  ["compactor", "reads rows", get("ANALYTICS_BUCKET", "live/turns/dt=2026-11-20/hr=10/a.parquet")],
  ["compactor", "runs a query", query()],
  ["reconciler", "puts a call that does not exist", put("ARCHIVE_BUCKET", "1/c.json", { IfNoneMatch: "*" })],
  ["views", "lists the analytics bucket", list("ANALYTICS_BUCKET")],
  ["readApi", "reads a recording", get("ARCHIVE_BUCKET", "1/a.mp3")],
  ["readApi", "runs a query", query()],
  ["analyst", "lists rows", list("ANALYTICS_BUCKET", "live/turns/")],
  ["analyst", "reads which days are closed", get("ANALYTICS_BUCKET", "compaction/state.json")],
  ["analyst", "reads rows", get("ANALYTICS_BUCKET", "live/turns/dt=2026-11-20/hr=10/a.parquet")],
];

function clientsWith(client: typeof AWS) {
  return {
    s3: new S3Client(client),
    sqs: new SQSClient(client),
    ssm: new SSMClient(client),
    athena: new AthenaClient(client),
    glue: new GlueClient(client),
    events: new EventBridgeClient(client),
    cloudWatch: new CloudWatchClient(client),
  };
}

describeAws("a call is refused by IAM:", () => {
  let env: Deployment = {};

  beforeAll(async () => {
    const queue = async () => {
      const created = new CreateQueueCommand({ QueueName: `test-${crypto.randomUUID()}` });
      return (await new SQSClient(AWS).send(created)).QueueUrl ?? "";
    };
    env = {
      ARCHIVE_BUCKET: await aBucket(),
      ANALYTICS_BUCKET: await aBucket(),
      QUEUE_URL: await queue(),
      DEAD_LETTERS_URL: await queue(),
      WEBHOOK_SECRET_ARN: await aSecret("wsec_test"),
      ELEVENLABS_SECRET_ARN: await aSecret("sk_test"),
      MEM0_SECRET_ARN: await aSecret("m0_test"),
      DATABASE: "calls",
    };
    const existing = [
      ["ARCHIVE_BUCKET", "1/a.json"],
      ["ARCHIVE_BUCKET", "1/a.mp3"],
      ["ANALYTICS_BUCKET", "live/turns/dt=2026-11-20/hr=10/a.parquet"],
      ["ANALYTICS_BUCKET", "compaction/state.json"],
    ];
    for (const [bucket = "", Key] of existing)
      await s3.send(new PutObjectCommand({ Bucket: env[bucket], Key, Body: "x" }));
  });

  /** The clients of `role`, which reach queues through the proxy, too. */
  async function as(role: Role, isRefused: boolean) {
    const statements = role === "analyst" ? analystStatements(env) : functionStatements(role, env);
    const upstreams = { athena: (await anAthenaServer()).url };
    const { client, calls } = await admitted({ name: role, statements, upstreams, isRefused });
    const reached = Object.fromEntries(
      Object.entries(env).map(([name, value]) => [name, value.replace(MOTO, client.endpoint)]),
    );
    return { clients: clientsWith(client), calls, reached };
  }

  test.each(REFUSED)("the %s %s: without %s", async (role, _action, missing, call) => {
    const { clients, calls, reached } = await as(role, true);
    await expect(call(clients, reached)).rejects.toThrow();
    expect(calls().map(({ refused }) => refused?.action)).toEqual([missing]);
  });

  test.each(ALLOWED)("not if the %s %s", async (role, _action, call) => {
    const { clients, calls, reached } = await as(role, false);
    await call(clients, reached);
    expect(calls()).toHaveLength(1);
  });

  test("without the right to list the bucket, a missing object is 403 and not 404", async () => {
    const absent = new GetObjectCommand({ Bucket: env["ARCHIVE_BUCKET"], Key: "1/gone.json" });
    const listed = await as("processor", false);
    await expect(listed.clients.s3.send(absent)).rejects.toMatchObject({ name: "NoSuchKey" });

    const statements = functionStatements("processor", env);
    const unlisted = statements.filter(({ actions }) => !actions.includes("s3:ListBucket"));
    const { client } = await admitted({ name: "processor", statements: unlisted, isRefused: true });
    const { s3: unlistedClient } = clientsWith(client);
    await expect(unlistedClient.send(absent)).rejects.toMatchObject({
      name: "AccessDenied",
      $metadata: { httpStatusCode: 403 },
    });
    const requested = new HeadObjectCommand({ Bucket: env["ARCHIVE_BUCKET"], Key: "1/gone.json" });
    await expect(unlistedClient.send(requested)).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  });

  test("the bucket's policy denies every call without TLS", () => {
    const statements = functionStatements("receiver", env);
    const resource = `arn:aws:s3:::${env["ARCHIVE_BUCKET"]}/1/a.json`;
    const need = { action: "s3:PutObject", resource };
    const withTls = { "aws:securetransport": "true", "s3:tlsversion": "1.3" };
    expect(isAllowed({ ...need, context: withTls }, statements)).toBe(true);
    expect(isAllowed({ ...need, context: { ...withTls, "aws:securetransport": "false" } }, statements)).toBe(false);
    expect(isAllowed({ ...need, context: { ...withTls, "s3:tlsversion": "1.1" } }, statements)).toBe(false);
  });
});
