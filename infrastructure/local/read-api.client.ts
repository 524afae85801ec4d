import { randomBytes } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { type Log, reasonOf } from "../../handlers/clients/observability/log.ts";
import { type Access, accessProblem, isLoopback, loopbackHosts } from "../../handlers/read/http/access.ts";
import { problemParts } from "../../handlers/read/http/respond.ts";
import type { Problem } from "../../handlers/read/problem.ts";
import type { ReadDeps } from "../../handlers/read/read-deps.ts";
import type { Besides } from "./http-server.client.ts";

/** The paths of the read API begin with this one. */
const PREFIX = /^\/api\/v1(?=$|[/?])/;

/** The paths that start an action. */
const ACTION = /^\/api\/v1\/actions\/[^/?]+\/?(?=$|\?)/;

/** The read API for an HTTP server. */
export interface ReadApi extends Besides {
  /** The token that requests need; `undefined` on a loopback address. */
  readonly token: string | undefined;
}

/**
 * The read API over `deps`, for a listener on `host`. `port` returns its port once it listens.
 *
 * Access is checked before anything else. Actions exist on a loopback address only. The web framework is loaded by the first request, so that it does not delay
 * the start of the archive.
 */
export function readApi(deps: ReadDeps, log: Log, host: string, port: () => number): ReadApi {
  const token = isLoopback(host) ? undefined : randomBytes(24).toString("base64url");
  const access = (): Access =>
    token === undefined ? { kind: "loopback", hosts: loopbackHosts(port(), host) } : { kind: "token", token };
  let loading: Promise<RequestListener> | undefined;

  async function respond(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const given = takeToken(incoming);
    const { method = "", headers, url = "" } = incoming;
    const problem = accessProblem({ method, token: given, headers, isAction: ACTION.test(url) }, access());
    if (problem) return refuse(outgoing, problem);
    loading ??= appListener(token === undefined ? deps : { ...deps, actions: undefined }, log);
    const listener = await loading;
    listener(incoming, outgoing);
  }

  return {
    owns: ({ url }) => PREFIX.test(url ?? ""),
    listener: (incoming, outgoing) => {
      respond(incoming, outgoing).catch((error: unknown) => {
        log({ event: "read failed", reason: reasonOf(error) });
        outgoing.destroy();
      });
    },
    token,
  };
}

async function appListener(deps: ReadDeps, log: Log): Promise<RequestListener> {
  const [{ getRequestListener }, { readApp }] = await Promise.all([
    import("@hono/node-server"),
    import("../../handlers/read/http/app.ts"),
  ]);
  const { fetch } = readApp(deps, log);
  return getRequestListener((request) => fetch(request), { overrideGlobalObjects: false });
}

/** Removes the token from the address, so that it is no parameter of a route. */
function takeToken(incoming: IncomingMessage): string | undefined {
  const [path = "", query] = splitOnce(incoming.url ?? "");
  if (!/(^|&)token=/.test(query)) return undefined;
  const parameters = new URLSearchParams(query);
  const token = parameters.get("token") ?? undefined;
  parameters.delete("token");
  incoming.url = parameters.size > 0 ? `${path}?${parameters}` : path;
  return token;
}

function splitOnce(url: string): [path: string, query: string] {
  const at = url.indexOf("?");
  return at === -1 ? [url, ""] : [url.slice(0, at), url.slice(at + 1)];
}

/** Sends a problem as the response. */
export function refuse(outgoing: ServerResponse, problem: Problem): void {
  const { status, headers, text } = problemParts(problem);
  outgoing.writeHead(status, { ...headers, "content-length": Buffer.byteLength(text) });
  outgoing.end(outgoing.req.method === "HEAD" ? undefined : text);
}

/** The addresses of the console and of the read API of a server, with the token if one is needed. */
export interface ReadUrls {
  readonly consoleUrl: string;
  readonly readUrl: string;
}

/** The addresses for people and for programs, of the server at `url`. */
export function readUrls(url: string, { token }: Pick<ReadApi, "token">): ReadUrls {
  const query = token === undefined ? "" : `?token=${token}`;
  return { consoleUrl: `${url}/${query}`, readUrl: `${url}/api/v1/calls${query}` };
}
