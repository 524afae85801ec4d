import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { at } from "../../../handlers/call/json.ts";
import { type AwsCall, type AwsRequest, signerOf } from "./iam-call.ts";
import { jsonCall } from "./iam-json-calls.ts";
import { isAllowed, type Need, type Statement } from "./iam-policy.ts";
import { s3Call } from "./iam-s3-calls.ts";
import { loopback } from "./loopback.ts";

/** A caller: a role, the statements of its policies and of the resources, and the destination of its calls. */
interface Principal {
  readonly name: string;
  readonly statements: readonly Statement[];
  /** Destinations other than AWS, by the service's name in signatures. */
  readonly upstreams?: Readonly<Record<string, string>>;
}

/** A checked call. */
export interface CheckedCall {
  readonly principal: Principal;
  readonly operation: string;
  /** Every right that the call and its answer needed. */
  readonly needs: readonly Need[];
  /** The missing right. */
  readonly refused?: Need;
}

export interface IamProxy {
  readonly url: string;
  /** Adds a principal, and returns its access key id. */
  admit(principal: Principal): string;
  /** Every call so far. */
  readonly calls: readonly CheckedCall[];
  /** Descriptions of requests that could not be checked. A test must end with none. */
  readonly problems: readonly string[];
  /** Drops the answer of the next call whose operation and first resource match `on`. The call is done. */
  loseAnswer(on: RegExp): void;
  close(): Promise<void>;
}

/**
 * Starts a proxy before AWS on the loopback. It refuses calls that the policies of the caller do not allow.
 *
 * The access key id identifies the caller. Signatures are not checked. A call is forwarded to `aws`, or to the
 * principal's own upstream, only if every right that it needs is granted.
 */
export async function iamProxy(aws: string, account: string): Promise<IamProxy> {
  const principals = new Map<string, Principal>();
  const workgroups = new Map<string, string>();
  const calls: CheckedCall[] = [];
  const problems: string[] = [];
  const losses: RegExp[] = [];

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "", headers } = incoming;
    const request = { method, url, headers, body: await buffer(incoming) };
    const signer = signerOf(request);
    const principal = signer && principals.get(signer.accessKeyId);
    if (!signer || !principal)
      return reportProblem(response, `${method} ${url} is not signed with the key of a known caller`);
    const upstream = principal.upstreams?.[signer.service] ?? aws;
    const workgroupOf = (id: string) => workgroups.get(`${upstream} ${id}`);
    let call: AwsCall;
    try {
      call = signer.service === "s3" ? s3Call(request) : jsonCall(request, account, workgroupOf);
    } catch (error) {
      return reportProblem(response, `${principal.name}: ${error}`);
    }
    const missing = call.needs.find((need) => !isAllowed(need, principal.statements));
    if (missing) return refuse(principal, call, missing, response);

    const { status, headers: answered, body } = await forwarded(upstream, request);
    const toSeeAbsence = status === 404 ? call.toSeeAbsence : undefined;
    const needs = [...call.needs, ...(toSeeAbsence ? [toSeeAbsence] : [])];
    if (toSeeAbsence && !isAllowed(toSeeAbsence, principal.statements)) {
      return refuse(principal, { ...call, needs }, toSeeAbsence, response);
    }
    calls.push({ principal, operation: call.operation, needs });
    if (call.operation === "athena:StartQueryExecution" && status === 200) {
      const id = at(JSON.parse(body.toString()), "QueryExecutionId");
      workgroups.set(`${upstream} ${id}`, String(at(JSON.parse(request.body.toString()), "WorkGroup")));
    }
    const loss = losses.findIndex((on) => on.test(`${call.operation} ${call.needs[0]?.resource}`));
    if (loss >= 0) {
      losses.splice(loss, 1);
      incoming.socket.destroy();
      return;
    }
    response.writeHead(status, answered).end(body);
  }

  function reportProblem(response: ServerResponse, problem: string): void {
    problems.push(problem);
    response.writeHead(501, { "content-type": "text/plain" }).end(problem);
  }

  function refuse(principal: Principal, { operation, needs }: AwsCall, missing: Need, response: ServerResponse): void {
    calls.push({ principal, operation, needs, refused: missing });
    const { action, resource } = missing;
    const [service = ""] = operation.split(":");
    const { status, type, body } = refusal(service, `${principal.name} may not ${action} on ${resource}`);
    response.writeHead(status, { "content-type": type }).end(operation === "s3:HeadObject" ? undefined : body);
  }

  const { url, close } = await loopback(serve);
  return {
    url,
    calls,
    problems,
    admit(principal) {
      const accessKeyId = `${principal.name}-${principals.size + 1}`;
      principals.set(accessKeyId, principal);
      return accessKeyId;
    },
    loseAnswer: (on) => void losses.push(on),
    close,
  };
}

/**
 * The refusal of a service: S3 in XML with 403, SQS with 403, Secrets Manager, Systems Manager, Athena and Glue with 400
 * (docs.aws.amazon.com, Common Errors of each, 2026-11).
 */
function refusal(service: string, message: string) {
  if (service === "s3") {
    const body = `<Error><Code>AccessDenied</Code><Message>${message}</Message></Error>`;
    return { status: 403, type: "application/xml", body };
  }
  const isQueue = service === "sqs";
  const __type = isQueue ? "com.amazonaws.sqs#AccessDenied" : "AccessDeniedException";
  const type = isQueue ? "application/x-amz-json-1.0" : "application/x-amz-json-1.1";
  return { status: isQueue ? 403 : 400, type, body: JSON.stringify({ __type, Message: message, message }) };
}

/** Headers of one connection. `expect` is among them because Node has already answered it. */
const OF_CONNECTION = new Set(["connection", "transfer-encoding", "expect", "keep-alive", "host", "content-length"]);

/** Forwards a request over a new connection, because a reused one may be closed by then. */
async function forwarded(upstream: string, { method, url, headers, body }: AwsRequest) {
  const sent = { ...without(OF_CONNECTION, headers), host: new URL(upstream).host, "content-length": body.length };
  const answer = await new Promise<IncomingMessage>((answered, failed) => {
    httpRequest(`${upstream}${url}`, { method, headers: sent, agent: false }, answered).on("error", failed).end(body);
  });
  const forwardedHeaders = without(new Set(["connection", "transfer-encoding", "keep-alive"]), answer.headers);
  return { status: answer.statusCode ?? 502, headers: forwardedHeaders, body: await buffer(answer) };
}

function without(names: ReadonlySet<string>, headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.has(name)));
}
