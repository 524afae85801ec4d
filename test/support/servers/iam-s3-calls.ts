import type { IncomingHttpHeaders } from "node:http";
import { type AwsCall, type AwsRequest, EVERY_REQUEST, UnknownCall } from "./iam-call.ts";
import type { Need } from "./iam-policy.ts";

/** Query parameters that do not change the rights. */
const WITHOUT_RIGHTS = new Set([
  ..."x-id list-type prefix delimiter max-keys continuation-token start-after encoding-type fetch-owner".split(" "),
  ..."response-content-type x-amz-checksum-mode X-Amz-Algorithm X-Amz-Content-Sha256 X-Amz-Credential".split(" "),
  ..."X-Amz-Date X-Amz-Expires X-Amz-Signature X-Amz-SignedHeaders X-Amz-Security-Token".split(" "),
  ..."versionId uploadId partNumber key-marker version-id-marker max-uploads part-number-marker max-parts".split(" "),
]);

/** The operation and the actions of a request to an object, by its method and query. */
const OF_OBJECT: Readonly<Record<string, readonly [operation: string, ...actions: string[]]>> = {
  GET: ["GetObject", "s3:GetObject"],
  HEAD: ["HeadObject", "s3:GetObject"],
  PUT: ["PutObject", "s3:PutObject"],
  DELETE: ["DeleteObject", "s3:DeleteObject"],
  "GET version": ["GetObject", "s3:GetObjectVersion"],
  "HEAD version": ["HeadObject", "s3:GetObjectVersion"],
  "DELETE version": ["DeleteObject", "s3:DeleteObjectVersion"],
  "GET tagging": ["GetObjectTagging", "s3:GetObjectTagging"],
  "PUT tagging": ["PutObjectTagging", "s3:PutObjectTagging"],
  "DELETE tagging": ["DeleteObjectTagging", "s3:DeleteObjectTagging"],
  "PUT retention": ["PutObjectRetention", "s3:PutObjectRetention"],
  "PUT acl": ["PutObjectAcl", "s3:PutObjectAcl"],
  "POST uploads": ["CreateMultipartUpload", "s3:PutObject"],
  "PUT upload": ["UploadPart", "s3:PutObject"],
  "POST upload": ["CompleteMultipartUpload", "s3:PutObject"],
  "GET upload": ["ListParts", "s3:ListMultipartUploadParts"],
  "DELETE upload": ["AbortMultipartUpload", "s3:AbortMultipartUpload"],
};

/** The same for a request to a bucket. */
const OF_BUCKET: Readonly<Record<string, readonly [operation: string, ...actions: string[]]>> = {
  GET: ["ListObjects", "s3:ListBucket"],
  HEAD: ["HeadBucket", "s3:ListBucket"],
  "GET versions": ["ListObjectVersions", "s3:ListBucketVersions"],
  "GET uploads": ["ListMultipartUploads", "s3:ListBucketMultipartUploads"],
  "GET location": ["GetBucketLocation", "s3:GetBucketLocation"],
  "GET policy": ["GetBucketPolicy", "s3:GetBucketPolicy"],
  "PUT policy": ["PutBucketPolicy", "s3:PutBucketPolicy"],
  "PUT versioning": ["PutBucketVersioning", "s3:PutBucketVersioning"],
  "PUT lifecycle": ["PutBucketLifecycleConfiguration", "s3:PutLifecycleConfiguration"],
};

/** The headers of a put that need a separate right (docs.aws.amazon.com, PutObject, 2026-11). */
const OF_HEADERS: readonly (readonly [header: RegExp, action: string])[] = [
  [/^x-amz-tagging$/, "s3:PutObjectTagging"],
  [/^x-amz-object-lock-(mode|retain-until-date)$/, "s3:PutObjectRetention"],
  [/^x-amz-object-lock-legal-hold$/, "s3:PutObjectLegalHold"],
  [/^x-amz-(acl|grant-.*)$/, "s3:PutObjectAcl"],
];

/**
 * The rights that a request to S3 needs; the bucket is in the path.
 *
 * - A put with `If-None-Match` needs no more than `s3:PutObject`; one with `If-Match` needs `s3:GetObject`, too
 *   (docs.aws.amazon.com, How to prevent object overwrites with conditional writes, 2026-11).
 * - A missing object is 404 only with the right to list the bucket, otherwise 403 (docs.aws.amazon.com, GetObject and
 *   HeadObject, 2026-11). It is inferred that the right is `s3:ListBucket` without any `s3:prefix`, and that the same
 *   holds for the source of a copy.
 *
 * @throws UnknownCall, also for a copy of an object's tags, whose rights depend on the object.
 */
export function s3Call({ method, url, headers }: AwsRequest): AwsCall {
  const { pathname, searchParams: query } = new URL(url, "http://s3");
  const [, bucket = "", key = ""] = /^\/([^/]+)\/?(.*)$/s.exec(decodeURIComponent(pathname)) ?? [];
  const unknown = () => new UnknownCall(`s3 ${method} ${url}`);
  const requested = [...query.keys()].filter((name) => !WITHOUT_RIGHTS.has(name));
  const [sub, ...more] = [...requested, ...named(query, "uploadId", "upload"), ...named(query, "versionId", "version")];
  const kind = [method, ...(sub === undefined ? [] : [sub])].join(" ");
  const [operation, ...actions] = (key === "" ? OF_BUCKET : OF_OBJECT)[kind] ?? [];
  if (operation === undefined || more.length > 0 || bucket === "") throw unknown();

  const arn = `arn:aws:s3:::${bucket}`;
  const list: Need = { action: "s3:ListBucket", resource: arn, context: EVERY_REQUEST };
  if (key === "") {
    const needs = actions.map((action) => ({ action, resource: arn, context: contextOf(query) }));
    return { operation: `s3:${operation}`, needs };
  }
  const object = (action: string) => ({ action, resource: `${arn}/${key}`, context: EVERY_REQUEST });
  const source = headers["x-amz-copy-source"];
  if (source !== undefined && headers["x-amz-tagging-directive"] === undefined && mayHaveTags(key)) throw unknown();
  if (method === "DELETE" && headers["if-match"] !== undefined) throw unknown();
  return {
    operation: `s3:${source === undefined ? operation : `${operation}, copied`}`,
    needs: [
      ...actions.map(object),
      ...(operation.startsWith("Get") || operation.startsWith("Head") ? [] : ofHeaders(headers).map(object)),
      ...(source === undefined ? [] : [copied(String(source))]),
    ],
    ...((source !== undefined || method === "GET" || method === "HEAD") && { toSeeAbsence: list }),
  };
}

function named(query: URLSearchParams, parameter: string, name: string): string[] {
  return query.has(parameter) ? [name] : [];
}

function contextOf(query: URLSearchParams): Need["context"] {
  const keys = ["prefix", "delimiter", "max-keys"].filter((name) => query.has(name));
  return { ...EVERY_REQUEST, ...Object.fromEntries(keys.map((name) => [`s3:${name}`, query.get(name) ?? ""])) };
}

function ofHeaders(headers: IncomingHttpHeaders): string[] {
  const actions = OF_HEADERS.filter(([header]) => Object.keys(headers).some((name) => header.test(name)));
  return [...actions.map(([, action]) => action), ...(headers["if-match"] === undefined ? [] : ["s3:GetObject"])];
}

function copied(source: string): Need {
  const [path = "", version] = decodeURIComponent(source).replace(/^\//, "").split("?versionId=");
  const action = version === undefined ? "s3:GetObject" : "s3:GetObjectVersion";
  return { action, resource: `arn:aws:s3:::${path}`, context: EVERY_REQUEST };
}

/** Whether an object may have tags, whose copy needs separate rights. Only recordings of an earlier version have tags. */
function mayHaveTags(key: string): boolean {
  return key.endsWith(".mp3");
}
