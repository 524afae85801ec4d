import { isUtf8 } from "node:buffer";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { at, text } from "../call/json.ts";
import { type Log, masked, reasonOf } from "../clients/observability/log.ts";
import { problemResponse } from "./http/respond.ts";
import { PREFIX } from "./http/routes.ts";
import { Problem } from "./problem.ts";

/** The dependencies of the handler. */
export interface ApiHandlerDeps {
  /** The response of the read API. `signal` is aborted when the queries of the request must end. */
  readonly respond: (request: Request, signal: AbortSignal) => Response | Promise<Response>;
  readonly log: Log;
}

/**
 * The largest response of a function, in bytes of JSON: Lambda's 6 MB (docs.aws.amazon.com, Lambda quotas, 2026-11), less
 * a margin.
 */
const MOST_BYTES = 6_200_000;

/** The largest JSON of a call that certainly fits into a response, also in base64. */
export const MOST_RAW_BYTES = 4_000_000;

/**
 * The time between the end of queries and the end of the invocation. A request to Athena that is retried takes at most
 * eight seconds.
 */
const RESERVE_MS = 9_000;

/** A path is logged up to this length. */
const LOGGED_CHARACTERS = 100;

/**
 * Returns a handler for requests of an HTTP API (payload format 2.0), whose caller API Gateway has authorised.
 *
 * It answers paths of the read API only. A text is a text in the response. Other bytes, and a text that is too large with
 * its escapes, are in base64, which API Gateway decodes.
 */
export function apiHandler({ respond, log }: ApiHandlerDeps) {
  return async (
    event: APIGatewayProxyEventV2,
    context: Pick<Context, "awsRequestId" | "getRemainingTimeInMillis">,
  ): Promise<APIGatewayProxyStructuredResultV2> => {
    const signal = AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - RESERVE_MS));
    const url = urlOf(event);
    const request = url && new Request(url, requestInit(event));
    const result = await (request ? answered(request.method, () => respond(request, signal), log) : noSuchPath());
    log({ event: "read", path: loggedPath(event.rawPath), status: result.statusCode, by: callerOf(event) });
    return result;
  };
}

async function answered(
  method: string,
  respond: () => Response | Promise<Response>,
  log: Log,
): Promise<APIGatewayProxyStructuredResultV2> {
  try {
    const result = await resultOf(await respond(), method);
    return isTooLarge(result) ? await tooLarge() : result;
  } catch (error) {
    // The body of an object ended early, for example.
    log({ event: "read failed", reason: reasonOf(error) });
    const detail = "The archive could not be read; the log has the reason.";
    return resultOf(problemResponse(new Problem(500, "Unexpected failure", detail)));
  }
}

/**
 * The address of a request; `undefined` if it is not one of the read API.
 *
 * An HTTP API decodes the path (an event in fastify/aws-lambda-fastify#169). Each part is encoded again, and a path that
 * `..` would change is refused: the policy of a caller may allow some paths only, and IAM checks the path as it was sent.
 */
function urlOf({ rawPath, rawQueryString, requestContext }: APIGatewayProxyEventV2): URL | undefined {
  const path = rawPath.split("/").map(encodedAgain).join("/");
  const url = new URL(`https://${requestContext.domainName}${path}${rawQueryString && `?${rawQueryString}`}`);
  return url.pathname === path && path.startsWith(`${PREFIX}/`) ? url : undefined;
}

function encodedAgain(part: string): string {
  try {
    return encodeURIComponent(decodeURIComponent(part));
  } catch {
    return encodeURIComponent(part.toWellFormed());
  }
}

/** The method, and the headers that a response depends on. No request has a body. */
function requestInit({ headers, requestContext }: APIGatewayProxyEventV2): RequestInit {
  const passed = new Headers();
  for (const name of ["accept-encoding", "if-none-match", "if-range", "range"]) {
    const value = headers[name];
    if (value !== undefined) passed.set(name, value);
  }
  return { method: requestContext.http.method, headers: passed };
}

async function resultOf(response: Response, method = "GET"): Promise<APIGatewayProxyStructuredResultV2> {
  const bytes = Buffer.from(await response.arrayBuffer());
  const { "content-length": length, ...headers } = Object.fromEntries(response.headers);
  const result = {
    statusCode: response.status,
    // API Gateway states the length of a body.
    headers: { ...headers, ...(method === "HEAD" && length !== undefined && { "content-length": length }) },
  };
  const isText = !response.headers.has("content-encoding") && isUtf8(bytes);
  const asText = { ...result, body: bytes.toString(), isBase64Encoded: false };
  if (isText && !isTooLarge(asText)) return asText;
  return { ...result, body: bytes.toString("base64"), isBase64Encoded: true };
}

function isTooLarge(result: APIGatewayProxyStructuredResultV2): boolean {
  // Escapes make a text up to six times as long.
  const { length } = result.body ?? "";
  return length > MOST_BYTES || (length > MOST_BYTES / 6 && Buffer.byteLength(JSON.stringify(result)) > MOST_BYTES);
}

function tooLarge(): Promise<APIGatewayProxyStructuredResultV2> {
  const detail =
    "A response of this function has at most 6 MB. Accept gzip, ask for fewer items or days, or use npm run serve -- --stack NAME.";
  return resultOf(problemResponse(new Problem(422, "Response too large", detail)));
}

function noSuchPath(): Promise<APIGatewayProxyStructuredResultV2> {
  const detail = `There is no such path: GET ${PREFIX}/openapi.json lists all.`;
  return resultOf(problemResponse(new Problem(404, "No such path", detail)));
}

/** The path without people: a folder of a caller is a number or a user id. */
function loggedPath(path: string): string {
  const shown = masked(path.replace(/%[0-9a-f]{2}/gi, "%").replace(/(?<=\/callers\/).*/s, "***"));
  return shown.length > LOGGED_CHARACTERS ? `${shown.slice(0, LOGGED_CHARACTERS)}…` : shown;
}

/** The ARN of the caller, with whose signature API Gateway authorised the request. */
function callerOf({ requestContext }: APIGatewayProxyEventV2): string | null {
  return text(at(requestContext, "authorizer", "iam", "userArn"));
}
