import { HttpRequest } from "@smithy/core/protocols";
import { retryMiddleware, StandardRetryStrategy } from "@smithy/core/retry";
import { Hash } from "@smithy/core/serde";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { SignatureV4 } from "@smithy/signature-v4";
import { type AwsService, awsRegion, roleCredentials } from "./aws-endpoint.client.ts";
import { AwsRefusal } from "./aws-refusal.ts";
import { type AwsRetryOptions, awsRetryPolicy } from "./aws-retry-policy.ts";

/** The service of signed requests. */
export interface SignedRequestsOptions {
  readonly service: AwsService;
  /** The address of the service, or of a bucket in it. */
  readonly endpoint: string;
  readonly retries: AwsRetryOptions;
}

/** A request to an AWS service. */
export interface SignedRequest {
  readonly method: "POST" | "PUT";
  /** The path below the endpoint, encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A clock that is wrong by more than this is corrected. AWS accepts 5 minutes (docs.aws.amazon.com, SigV4, 2026-11). */
const MAX_CLOCK_ERROR_MS = 4 * 60_000;

/**
 * Returns a function that sends a request, signed with the role of this function, and returns the body of the answer.
 *
 * The retries, the timeouts and the signatures are those of the AWS SDK: these are the parts of its clients that send a
 * request. The rest of a client takes more than half of the CPU time of a cold start.
 *
 * @throws AwsRefusal, or the error of the connection, after the last attempt.
 */
export function signedRequests({ service, endpoint, retries }: SignedRequestsOptions) {
  const { maxAttempts, requestHandler } = awsRetryPolicy(retries);
  const { protocol, hostname, host, port, pathname } = new URL(endpoint);
  const handler = new NodeHttpHandler(requestHandler);
  const strategy = new StandardRetryStrategy(maxAttempts);
  const retrying = retryMiddleware({ retryStrategy: async () => strategy, maxAttempts: async () => maxAttempts });
  const signer = new SignatureV4({
    service,
    region: awsRegion(),
    credentials: async () => roleCredentials(),
    sha256: Hash.bind(null, "sha256"),
    // Only S3 signs the path without encoding it again (docs.aws.amazon.com, SigV4, 2026-11).
    uriEscapePath: service !== "s3",
  });
  /** The clock of AWS less the clock of this computer, in milliseconds. */
  let clockError = 0;

  async function attempt(request: HttpRequest) {
    const corrected = clockError;
    const signed = await signer.sign(request, { signingDate: new Date(Date.now() + corrected) });
    const { response } = await handler.handle(new HttpRequest(signed));
    const body = Buffer.concat(await Array.fromAsync<Uint8Array>(response.body));
    if (response.statusCode < 300) return { response, output: { $metadata: {}, body } };
    const stated = Date.parse(response.headers["date"] ?? "");
    if (Number.isFinite(stated)) clockError = stated - Date.now();
    throw new AwsRefusal(response, body.toString(), Math.abs(clockError - corrected) > MAX_CLOCK_ERROR_MS);
  }

  return async ({ method, path, headers, body }: SignedRequest): Promise<Buffer> => {
    const request = new HttpRequest({
      method,
      protocol,
      hostname,
      ...(port !== "" && { port: Number(port) }),
      path: pathname.replace(/\/$/, "") + path,
      headers: { ...headers, host, "content-length": String(body.length), "user-agent": "call-archive" },
      body,
    });
    const { output } = await retrying(() => attempt(request), {})({ input: {}, request });
    return output.body;
  };
}
