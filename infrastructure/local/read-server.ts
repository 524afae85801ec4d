import { type Log, reasonOf } from "../../handlers/clients/observability/log.ts";
import type { ReadDeps } from "../../handlers/read/read-deps.ts";
import { consolePage } from "./console-page.client.ts";
import { type HttpServer, serveHttp } from "./http-server.client.ts";
import { type ReadUrls, readApi, readUrls } from "./read-api.client.ts";
import type { Settings } from "./settings.ts";

/** A server of the read API and the console alone. */
export interface ReadServer extends HttpServer, ReadUrls {}

/**
 * Serves the read API over `deps` and the console, and nothing else. The console shows `name`.
 *
 * @throws a system error such as EADDRINUSE if it cannot listen there.
 */
export async function serveReadApi(
  name: string,
  deps: ReadDeps,
  { host, port }: Pick<Settings, "host" | "port">,
  log: Log,
): Promise<ReadServer> {
  const api = readApi(deps, log, host, () => server.port);
  const notFound = { status: 404, body: { reason: "the console is at /, and the read API at /api/v1" } };
  const server: HttpServer = await serveHttp(
    async () => notFound,
    { host, port },
    (error) => log({ event: "request cut", reason: reasonOf(error) }),
    [api, consolePage(name, log, host, () => server.port)],
  );
  return { ...server, ...readUrls(server.url, api) };
}
