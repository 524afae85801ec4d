import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Answer } from "../../handlers/receive/answer.ts";

export interface HttpServer {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** Lets requests that are under way end, within reason. */
  close(): Promise<void>;
}

/** How long a request that is under way may hold up the end, in milliseconds. */
const CLOSE_TIMEOUT_MS = 5_000;

/**
 * Serves `answerTo` over HTTP until it is closed. An answer's body is one JSON object.
 *
 * Where `answerTo` throws, the connection is cut and `onCut` is told why.
 *
 * @throws EADDRINUSE and its like if it cannot listen there.
 */
export async function serveHttp(
  answerTo: (request: IncomingMessage) => Promise<Answer>,
  { host, port }: { readonly host: string; readonly port: number },
  onCut: (error: unknown) => void,
): Promise<HttpServer> {
  const server = createServer((request, response) => {
    answerTo(request)
      .then((answer) => send(response, answer))
      .catch((error: unknown) => {
        onCut(error);
        response.destroy();
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  return { url: addressOf(server), close: () => closed(server) };
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(`${JSON.stringify(body)}\n`);
}

function addressOf(server: Server): string {
  const { address, port, family } = server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

async function closed(server: Server): Promise<void> {
  const ended = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const patience = setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT_MS);
  await ended;
  clearTimeout(patience);
}
