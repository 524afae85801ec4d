import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { HttpResponse } from "../../handlers/receive/http-response.ts";
import { listenError } from "./listen-error.ts";

export interface HttpServer {
  /** The address, without a slash at its end. */
  readonly url: string;
  readonly port: number;
  /** Stops listening, and gives running requests a few seconds to end. */
  close(): Promise<void>;
}

/** Another part of the server, with its own paths. */
export interface Besides {
  owns(request: Pick<IncomingMessage, "method" | "url">): boolean;
  readonly listener: (request: IncomingMessage, response: ServerResponse) => void;
}

/** A request for the rows of a statement has the statement in its address. */
const MAX_HEADER_BYTES = 64 * 1024;

/** How long `close` waits for running requests, in milliseconds. */
const CLOSE_TIMEOUT_MS = 5_000;

/** After a response, at most this much of the rest of the body is read and dropped, for at most this long. */
const MAX_DISCARDED_BYTES = 1_000_000;
const DISCARD_TIMEOUT_MS = 2_000;

/**
 * Serves `respondTo` over HTTP until it is closed. The body of a response is one JSON object.
 *
 * A sender with `Expect: 100-continue` sends its body when `respondTo` calls `allowBody`. If `respondTo` returns before
 * the end of the body, the response is sent at once and the connection is closed.
 *
 * A request that one of `besides` owns goes to its listener, and not to `respondTo`.
 *
 * If `respondTo` throws, the connection is destroyed and `onCut` receives the error.
 *
 * @throws WrongSetting if this machine does not have the host, or this user may not use the port.
 * @throws another system error, such as EADDRINUSE, if it cannot listen there.
 */
export async function serveHttp(
  respondTo: (request: IncomingMessage, allowBody: () => void) => Promise<HttpResponse>,
  { host, port }: { readonly host: string; readonly port: number },
  onCut: (error: unknown) => void,
  besides: readonly Besides[] = [],
): Promise<HttpServer> {
  function serve(request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void {
    const owner = besides.find((each) => each.owns(request));
    if (owner) return void owner.listener(request, response);
    let awaitsContinue = expectsContinue;
    const allowBody = () => {
      if (awaitsContinue) response.writeContinue();
      awaitsContinue = false;
    };
    respondTo(request, allowBody)
      .then((made) => send(made, request, response, awaitsContinue))
      .catch((error: unknown) => {
        onCut(error);
        response.destroy();
      });
  }
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (request, response) =>
    serve(request, response, false),
  );
  server.on("checkContinue", (request, response) => serve(request, response, true));
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(listenError(error, { host, port })));
    server.listen(port, host, resolve);
  });
  return { url: addressOf(server), port: portOf(server), close: () => closeServer(server) };
}

async function send(
  { status, body, headers }: HttpResponse,
  request: IncomingMessage,
  response: ServerResponse,
  awaitsContinue: boolean,
): Promise<void> {
  const text = `${JSON.stringify(body)}\n`;
  const isUnread = !request.complete;
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    ...(isUnread && { connection: "close" }),
    ...headers,
  });
  if (!isUnread || awaitsContinue) return void response.end(text);
  response.write(text);
  await discardBody(request);
  response.end();
}

/**
 * Resolves when the sender has ended its body or disconnected, or after a timeout. Closing at once would reset the
 * connection while the sender sends, and it might not get the response. After a limit of bytes no more are read.
 */
function discardBody(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0;
    const timer = setTimeout(resolve, DISCARD_TIMEOUT_MS);
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_DISCARDED_BYTES) request.pause();
    });
    for (const event of ["end", "close", "error"]) {
      request.once(event, () => {
        clearTimeout(timer);
        resolve();
      });
    }
    request.resume();
  });
}

function addressOf(server: Server): string {
  const { address, port, family } = server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

function portOf(server: Server): number {
  const { port } = server.address() as AddressInfo;
  return port;
}

async function closeServer(server: Server): Promise<void> {
  const ended = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const timeout = setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT_MS);
  await ended;
  clearTimeout(timeout);
}
