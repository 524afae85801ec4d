import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { at } from "../../../handlers/call/json.ts";
import { type AwsCall, type AwsRequest, signerOf } from "./iam-call.ts";
import { jsonCall } from "./iam-json-calls.ts";
import { isAllowed, type Need, type Statement } from "./iam-policy.ts";
import { s3Call } from "./iam-s3-calls.ts";
import { loopback } from "./loopback.ts";

/** Who calls: a role, what its policies and those of the resources say, and where its calls go. */
interface Principal {
  readonly name: string;
  readonly statements: readonly Statement[];
  /** Where calls of a service go, if not to AWS: by the service's name in signatures. */
  readonly upstreams?: Readonly<Record<string, string>>;
}

/** A call that was checked. */
export interface CheckedCall {
  readonly principal: Principal;
  readonly operation: string;
  /** Every right that the call needed, and that its answer did. */
  readonly needs: readonly Need[];
  /** The right that was missing. */
  readonly refused?: Need;
}

export interface IamProxy {
  readonly url: string;
  /** Lets a principal in, and returns its access key id. */
  admit(principal: Principal): string;
  /** Every call so far. */
  readonly calls: readonly CheckedCall[];
  /** What could not be judged, in words. A test ends with none. */
  readonly problems: readonly string[];
  /** Has the next call whose operation and first resource match `on` done, and its answer lost. */
  loseAnswer(on: RegExp): void;
  close(): Promise<void>;
}

/**
 * Stands before AWS on the loopback, and refuses what the policies of the caller do not allow.
 *
 * Callers are told apart by their access key id; signatures are not checked. Each call goes on to `aws`, or to the
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
    const signer = signerOf(headers);
    const principal = signer && principals.get(signer.accessKeyId);
    if (!signer || !principal) return unjudged(response, `${method} ${url} is signed with no key of ours`);
    const upstream = principal.upstreams?.[signer.service] ?? aws;
    const workgroupOf = (id: string) => workgroups.get(`${upstream} ${id}`);
    let call: AwsCall;
    try {
      call = signer.service === "s3" ? s3Call(request) : jsonCall(request, account, workgroupOf);
    } catch (error) {
      return unjudged(response, `${principal.name}: ${error}`);
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

  function unjudged(response: ServerResponse, problem: string): void {
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
 * How a service says no: S3 in XML and SQS with 403, Secrets Manager, Athena and Glue with 400 (docs.aws.amazon.com,
 * Common Errors of each, 2026-11).
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

/** What concerns one connection alone. Node has already given leave to send a body that waits for it. */
const OF_CONNECTION = new Set(["connection", "transfer-encoding", "expect", "keep-alive", "host", "content-length"]);

/** Sends a request on, over a connection of its own: one that is used again may be closed by then. */
async function forwarded(upstream: string, { method, url, headers, body }: AwsRequest) {
  const sent = { ...without(OF_CONNECTION, headers), host: new URL(upstream).host, "content-length": body.length };
  const answer = await new Promise<IncomingMessage>((answered, failed) => {
    httpRequest(`${upstream}${url}`, { method, headers: sent, agent: false }, answered).on("error", failed).end(body);
  });
  const kept = without(new Set(["connection", "transfer-encoding", "keep-alive"]), answer.headers);
  return { status: answer.statusCode ?? 502, headers: kept, body: await buffer(answer) };
}

function without(names: ReadonlySet<string>, headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.has(name)));
}
