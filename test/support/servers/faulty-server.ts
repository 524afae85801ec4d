import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { loopback } from "./loopback.ts";

export interface SeenRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/**
 * What goes wrong with a request:
 *
 * - `answer`: the server sends this answer, and does no work;
 * - `hang`: the server never answers, and does no work;
 * - `cut`: the connection is cut before any work;
 * - `work, then cut`: the work is done, and the connection is cut before the answer;
 * - `cut body`, `stall body`: only the first bytes of the right answer are sent.
 */
export type Fault =
  | ({ readonly does: "answer" } & Reply)
  | { readonly does: "hang" | "cut" | "work, then cut" }
  | { readonly does: "cut body" | "stall body"; readonly afterBytes: number };

/** The requests that fail: those whose `METHOD /path` matches `on`, `times` times. By default the next request. */
interface FaultPlan {
  readonly on?: RegExp;
  readonly times?: number;
}

export interface FaultyServer {
  readonly url: string;
  /** Every request so far, in the order of arrival. */
  readonly requests: readonly SeenRequest[];
  fail(fault: Fault, plan?: FaultPlan): void;
  /** How many connections are open. */
  connections(): Promise<number>;
  /** Closes every connection, also hanging ones. */
  close(): Promise<void>;
}

/** Starts a server on the loopback that answers with `reply`, unless a fault is planned. */
export async function faultyServer(reply: (request: SeenRequest) => Reply | Promise<Reply>): Promise<FaultyServer> {
  const requests: SeenRequest[] = [];
  const plans: { fault: Fault; on: RegExp; left: number }[] = [];

  function faultFor({ method, path }: SeenRequest): Fault | undefined {
    const plan = plans.find(({ on, left }) => left > 0 && on.test(`${method} ${path}`));
    if (plan) plan.left -= 1;
    return plan?.fault;
  }

  async function serve(incoming: IncomingMessage, response: ServerResponse) {
    const request = await seen(incoming);
    requests.push(request);
    const fault = faultFor(request);
    if (fault?.does === "answer") return send(response, fault);
    if (fault?.does === "hang") return;
    if (fault?.does === "cut") return incoming.socket.destroy();
    const answer = await reply(request);
    if (!fault) return send(response, answer);
    if (fault.does === "cut body" || fault.does === "stall body") return sendPart(response, answer, fault);
    incoming.socket.destroy();
  }

  const { url, server, close } = await loopback(serve);
  return {
    url,
    requests,
    fail(fault, { on = /./, times = 1 } = {}) {
      plans.push({ fault, on, left: times });
    },
    connections: () => promisify(server.getConnections.bind(server))(),
    close,
  };
}

async function seen(incoming: IncomingMessage): Promise<SeenRequest> {
  const { pathname, searchParams } = new URL(incoming.url ?? "/", "http://loopback");
  const body = (await buffer(incoming)).toString();
  return { method: incoming.method ?? "", path: pathname, query: searchParams, headers: incoming.headers, body };
}

function send(response: ServerResponse, { status, headers, body = "" }: Reply): void {
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) }).end(body);
}

function sendPart(
  response: ServerResponse,
  { status, headers, body = "" }: Reply,
  fault: { readonly does: "cut body" | "stall body"; readonly afterBytes: number },
): void {
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
  response.write(Buffer.from(body).subarray(0, fault.afterBytes), () => {
    if (fault.does === "cut body") response.socket?.destroy();
  });
}
