import { createHmac } from "node:crypto";
import type { APIGatewayProxyEventV2, Context, SQSEvent } from "aws-lambda";
import { PATH } from "../../handlers/receive/http-response.ts";

/** The secret that deliveries are signed with here. */
export const SECRET = "wsec_cost";

/** The context of an invocation with enough time. */
export const CONTEXT: Context = {
  awsRequestId: "00000000-0000-4000-8000-000000000000",
  callbackWaitsForEmptyEventLoop: false,
  functionName: "function",
  functionVersion: "$LATEST",
  invokedFunctionArn: "",
  memoryLimitInMB: "",
  logGroupName: "",
  logStreamName: "",
  getRemainingTimeInMillis: () => 900_000,
  done: () => {},
  fail: () => {},
  succeed: () => {},
};

/** The event of the receiver for a delivery of `body` at `time`, signed. */
export function deliveryOf(body: Buffer, time: Date): APIGatewayProxyEventV2 {
  const signedAt = Math.floor(time.getTime() / 1000);
  const hash = createHmac("sha256", SECRET).update(`${signedAt}.`).update(body).digest("hex");
  const http = { path: PATH, method: "POST", protocol: "HTTP/1.1", sourceIp: "192.0.2.1", userAgent: "" };
  const times = { time: time.toISOString(), timeEpoch: time.getTime() };
  const api = { accountId: "", apiId: "", domainName: "", domainPrefix: "", requestId: "", routeKey: "" };
  return {
    version: "2.0",
    routeKey: `POST ${PATH}`,
    rawPath: PATH,
    rawQueryString: "",
    headers: { "elevenlabs-signature": `t=${signedAt},v0=${hash}` },
    requestContext: { ...api, ...times, http, stage: "$default" },
    body: body.toString("utf8"),
    isBase64Encoded: false,
  };
}

/** The event of the processor for a batch of one message. */
export function batchOf(message: string): SQSEvent {
  const attributes = {
    ApproximateReceiveCount: "1",
    SentTimestamp: "",
    SenderId: "",
    ApproximateFirstReceiveTimestamp: "",
  };
  const queue = { eventSource: "aws:sqs", eventSourceARN: "", awsRegion: "us-east-1" };
  const ids = { messageId: "1", receiptHandle: "1", md5OfBody: "" };
  return { Records: [{ ...queue, ...ids, body: message, attributes, messageAttributes: {} }] };
}
