import { type Log, reasonOf } from "../../handlers/clients/observability/log.ts";
import type { ReadDeps } from "../../handlers/read/read-deps.ts";
import { type HttpServer, serveHttp } from "./http-server.client.ts";
import { readApi, readUrl } from "./read-api.client.ts";
import type { Settings } from "./settings.ts";

/** A server of the read API alone. */
export interface ReadServer extends HttpServer {
  /** The address of the read API, with the token if one is needed. */
  readonly readUrl: string;
}

/**
 * Serves the read API over `deps`, and nothing else.
 *
 * @throws a system error such as EADDRINUSE if it cannot listen there.
 */
export async function serveReadApi(
  deps: ReadDeps,
  { host, port }: Pick<Settings, "host" | "port">,
  log: Log,
): Promise<ReadServer> {
  const api = readApi(deps, log, host, () => server.port);
  const notFound = { status: 404, body: { reason: "the paths of the read API begin with /api/v1" } };
  const server: HttpServer = await serveHttp(
    async () => notFound,
    { host, port },
    (error) => log({ event: "request cut", reason: reasonOf(error) }),
    api,
  );
  return { ...server, readUrl: readUrl(server.url, api) };
}
