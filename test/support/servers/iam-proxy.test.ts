import { AthenaClient, GetQueryExecutionCommand, StartQueryExecutionCommand } from "@aws-sdk/client-athena";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { ChangeMessageVisibilityCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { expect, onTestFinished, test } from "vitest";
import { type FaultyServer, faultyServer, type Reply, type SeenRequest } from "./faulty-server.ts";
import { identityStatements } from "./iam-policy.ts";
import { iamProxy } from "./iam-proxy.ts";

const ACCOUNT = "123456789012";
const [Bucket, Key] = ["calls", "1/a.json"];
const OBJECT = `arn:aws:s3:::${Bucket}/${Key}`;
const ANYTHING = { Effect: "Allow", Action: "*", Resource: "*" };
const SECRET = `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:webhook-a1B2c3`;

/** Starts a proxy before a server that answers with `reply`, and creates clients with the rights in `statements`. */
async function aProxy(statements: readonly unknown[] = [ANYTHING], reply: (seen: SeenRequest) => Reply = done) {
  const aws: FaultyServer = await faultyServer(reply);
  const proxy = await iamProxy(aws.url, ACCOUNT);
  onTestFinished(async () => {
    await proxy.close();
    await aws.close();
  });
  const accessKeyId = proxy.admit({
    name: "tester",
    statements: identityStatements("tester", { Statement: statements }),
  });
  const credentials = { accessKeyId, secretAccessKey: "secret" };
  const options = { endpoint: proxy.url, region: "us-east-1", credentials, maxAttempts: 1 };
  return {
    ...proxy,
    aws,
    s3: new S3Client(options),
    sqs: new SQSClient({ ...options, md5: false }),
    secrets: new SecretsManagerClient(options),
    ssm: new SSMClient(options),
    athena: new AthenaClient(options),
    /** The rights that the calls needed, each as action and resource. */
    needed: () => proxy.calls.flatMap(({ needs }) => needs.map(({ action, resource }) => [action, resource])),
  };
}

const done = (): Reply => ({ status: 200 });
const json = (body: unknown) => (): Reply => ({ status: 200, body: JSON.stringify(body) });
const absent = (): Reply => ({ status: 404, body: "<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>" });

test.each([
  ["GetObject", (s3: S3Client) => s3.send(new GetObjectCommand({ Bucket, Key })), ["s3:GetObject"]],
  [
    "GetObject of a version",
    (s3: S3Client) => s3.send(new GetObjectCommand({ Bucket, Key, VersionId: "v" })),
    ["s3:GetObjectVersion"],
  ],
  ["HeadObject", (s3: S3Client) => s3.send(new HeadObjectCommand({ Bucket, Key })), ["s3:GetObject"]],
  ["PutObject", (s3: S3Client) => s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" })), ["s3:PutObject"]],
  [
    "PutObject if absent",
    (s3: S3Client) => s3.send(new PutObjectCommand({ Bucket, Key, Body: "x", IfNoneMatch: "*" })),
    ["s3:PutObject"],
  ],
  [
    "PutObject if it matches",
    (s3: S3Client) => s3.send(new PutObjectCommand({ Bucket, Key, Body: "x", IfMatch: '"x"' })),
    ["s3:PutObject", "s3:GetObject"],
  ],
  [
    "PutObject with tags",
    (s3: S3Client) => s3.send(new PutObjectCommand({ Bucket, Key, Body: "x", Tagging: "a=b" })),
    ["s3:PutObject", "s3:PutObjectTagging"],
  ],
  [
    "PutObject with a lock",
    (s3: S3Client) =>
      s3.send(
        new PutObjectCommand({ Bucket, Key, Body: "x", ObjectLockMode: "GOVERNANCE", ObjectLockLegalHoldStatus: "ON" }),
      ),
    ["s3:PutObject", "s3:PutObjectRetention", "s3:PutObjectLegalHold"],
  ],
  [
    "PutObject with an ACL",
    (s3: S3Client) => s3.send(new PutObjectCommand({ Bucket, Key, Body: "x", ACL: "private" })),
    ["s3:PutObject", "s3:PutObjectAcl"],
  ],
  ["DeleteObject", (s3: S3Client) => s3.send(new DeleteObjectCommand({ Bucket, Key })), ["s3:DeleteObject"]],
  [
    "DeleteObject of a version",
    (s3: S3Client) => s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId: "v" })),
    ["s3:DeleteObjectVersion"],
  ],
  [
    "CreateMultipartUpload with tags",
    (s3: S3Client) => s3.send(new CreateMultipartUploadCommand({ Bucket, Key, Tagging: "a=b" })),
    ["s3:PutObject", "s3:PutObjectTagging"],
  ],
  [
    "UploadPart",
    (s3: S3Client) => s3.send(new UploadPartCommand({ Bucket, Key, UploadId: "u", PartNumber: 1, Body: "x" })),
    ["s3:PutObject"],
  ],
  [
    "CompleteMultipartUpload",
    (s3: S3Client) => s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId: "u" })),
    ["s3:PutObject"],
  ],
  [
    "AbortMultipartUpload",
    (s3: S3Client) => s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId: "u" })),
    ["s3:AbortMultipartUpload"],
  ],
  [
    "ListParts",
    (s3: S3Client) => s3.send(new ListPartsCommand({ Bucket, Key, UploadId: "u" })),
    ["s3:ListMultipartUploadParts"],
  ],
])("%s needs rights on the object", async (_what, request, actions) => {
  const { s3, needed, problems } = await aProxy();
  await Promise.resolve(request(s3)).catch(() => {});
  expect([needed(), problems]).toEqual([actions.map((action) => [action, OBJECT]), []]);
});

test("requests to a bucket need rights on the bucket, and a list has its prefix and delimiter as conditions", async () => {
  const { s3, needed, calls } = await aProxy();
  await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "live/", Delimiter: "/" }));
  await s3.send(new HeadBucketCommand({ Bucket }));
  await s3.send(new GetBucketLocationCommand({ Bucket }));
  const arn = `arn:aws:s3:::${Bucket}`;
  expect(needed()).toEqual([
    ["s3:ListBucket", arn],
    ["s3:ListBucket", arn],
    ["s3:GetBucketLocation", arn],
  ]);
  expect(calls[0]?.needs[0]?.context).toMatchObject({ "s3:prefix": "live/", "s3:delimiter": "/" });
});

test("a copy needs the right to read its source", async () => {
  const { s3, needed } = await aProxy();
  await s3.send(new CopyObjectCommand({ Bucket, Key, CopySource: `other/%C3%BC/b.json?versionId=v` })).catch(() => {});
  expect(needed()).toEqual([
    ["s3:PutObject", OBJECT],
    ["s3:GetObjectVersion", "arn:aws:s3:::other/ü/b.json"],
  ]);
});

test("requests to queues, secrets, parameters and queries need rights on the resource in their body; a query, on its workgroup", async () => {
  const { sqs, secrets, ssm, athena, needed } = await aProxy([ANYTHING], json({ QueryExecutionId: "q" }));
  const QueueUrl = `https://sqs.us-east-1.amazonaws.com/${ACCOUNT}/work`;
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "x", DelaySeconds: 30 }));
  await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: "r", VisibilityTimeout: 0 }));
  await secrets.send(new GetSecretValueCommand({ SecretId: SECRET }));
  await ssm.send(new GetParameterCommand({ Name: "/call-archive/A/webhook" }));
  await ssm.send(new PutParameterCommand({ Name: "plain", Value: "x" }));
  await athena.send(new StartQueryExecutionCommand({ QueryString: "select 1", WorkGroup: "archive" }));
  await athena.send(new GetQueryExecutionCommand({ QueryExecutionId: "q" }));
  const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:${ACCOUNT}:${resource}`;
  expect(needed()).toEqual([
    ["sqs:SendMessage", arn("sqs", "work")],
    ["sqs:ChangeMessageVisibility", arn("sqs", "work")],
    ["secretsmanager:GetSecretValue", SECRET],
    ["ssm:GetParameter", arn("ssm", "parameter/call-archive/A/webhook")],
    ["ssm:PutParameter", arn("ssm", "parameter/plain")],
    ["athena:StartQueryExecution", arn("athena", "workgroup/archive")],
    ["athena:GetQueryExecution", arn("athena", "workgroup/archive")],
  ]);
});

test("a refusal has the form of the service, and the request never reaches AWS", async () => {
  const { s3, sqs, secrets, ssm, athena, aws, calls } = await aProxy([]);
  const denied = { name: "AccessDenied", $metadata: { httpStatusCode: 403 } };
  await expect(s3.send(new GetObjectCommand({ Bucket, Key }))).rejects.toMatchObject(denied);
  await expect(s3.send(new HeadObjectCommand({ Bucket, Key }))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 403 },
  });
  const sent = new SendMessageCommand({ QueueUrl: `http://localhost/${ACCOUNT}/work`, MessageBody: "x" });
  await expect(sqs.send(sent)).rejects.toMatchObject(denied);
  const refused = { name: "AccessDeniedException", $metadata: { httpStatusCode: 400 } };
  await expect(secrets.send(new GetSecretValueCommand({ SecretId: SECRET }))).rejects.toMatchObject(refused);
  await expect(ssm.send(new GetParameterCommand({ Name: "/a" }))).rejects.toMatchObject(refused);
  const query = new StartQueryExecutionCommand({ QueryString: "select 1", WorkGroup: "archive" });
  await expect(athena.send(query)).rejects.toMatchObject(refused);
  expect([calls.length, calls.every(({ refused }) => refused !== undefined), aws.requests]).toEqual([6, true, []]);
});

test("a missing object is 404 with the right to list the bucket, and 403 without it, also as the source of a copy", async () => {
  const rights = { Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: "*" };
  const list = { Effect: "Allow", Action: "s3:ListBucket", Resource: `arn:aws:s3:::${Bucket}` };
  const requests = [
    (s3: S3Client) => s3.send(new GetObjectCommand({ Bucket, Key })),
    (s3: S3Client) => s3.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/gone.json` })),
  ];
  const [listing, other] = [await aProxy([rights, list], absent), await aProxy([rights], absent)];
  for (const request of requests) {
    await expect(request(listing.s3)).rejects.toMatchObject({ name: "NoSuchKey" });
    await expect(request(other.s3)).rejects.toMatchObject({ name: "AccessDenied" });
  }
  expect(listing.calls[0]?.needs.at(-1)).toMatchObject({ action: "s3:ListBucket" });
});

test("an unknown request is a problem, gets 501, and never reaches AWS", async () => {
  const { s3, secrets, athena, aws, problems, url } = await aProxy();
  const unknown = { $metadata: { httpStatusCode: 501 } };
  const several = new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }] } });
  await expect(s3.send(several)).rejects.toMatchObject(unknown);
  const tagged = new CopyObjectCommand({ Bucket, Key: "1/a.mp3", CopySource: `${Bucket}/1/b.mp3` });
  await expect(s3.send(tagged)).rejects.toMatchObject(unknown);
  await expect(secrets.send(new GetSecretValueCommand({ SecretId: "a name" }))).rejects.toMatchObject(unknown);
  await expect(athena.send(new GetQueryExecutionCommand({ QueryExecutionId: "q" }))).rejects.toMatchObject(unknown);
  expect((await fetch(`${url}/${Bucket}/${Key}`)).status).toBe(501);
  expect([problems.length, aws.requests]).toEqual([5, []]);
});

test("a lost answer is lost once, and its call is done", async () => {
  const { s3, aws, loseAnswer } = await aProxy();
  loseAnswer(/^s3:PutObject .*\.json$/);
  const put = () => s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
  await expect(put()).rejects.toThrow();
  await put();
  expect(aws.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(Array(2).fill(`PUT /${Bucket}/${Key}`));
});

test("an address that is signed in its query has the rights of its signer", async () => {
  const address = (s3: S3Client) => getSignedUrl(s3, new GetObjectCommand({ Bucket, Key, ResponseContentType: "a/b" }));
  const allowed = await aProxy([{ Effect: "Allow", Action: "s3:GetObject", Resource: OBJECT }]);
  expect((await fetch(await address(allowed.s3))).status).toBe(200);
  expect(allowed.needed()).toEqual([["s3:GetObject", OBJECT]]);
  const refused = await aProxy([{ Effect: "Allow", Action: "s3:GetObject", Resource: `${OBJECT}.other` }]);
  expect((await fetch(await address(refused.s3))).status).toBe(403);
  expect(refused.aws.requests).toEqual([]);
});
