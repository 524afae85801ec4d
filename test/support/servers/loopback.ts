import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/** A server on a free port of the loopback. */
export interface Loopback {
  readonly url: string;
  readonly server: Server;
  /** Closes it, and every connection to it. */
  close(): Promise<void>;
}

/** Starts a server that answers each request with `serve`. If that throws, the connection is cut. */
export async function loopback(
  serve: (incoming: IncomingMessage, response: ServerResponse) => Promise<unknown>,
): Promise<Loopback> {
  const server = createServer((incoming, response) => {
    serve(incoming, response).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    server,
    async close() {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
    },
  };
}
