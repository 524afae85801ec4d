import { onTestFinished } from "vitest";
import { type Mem0Options, mem0Memories } from "../../../../handlers/clients/memory/mem0.client.ts";
import { virtualClock } from "../../../support/fixtures/virtual-clock.ts";
import { type Mem0Server, type Mem0ServerOptions, mem0Server } from "../../../support/servers/mem0-server.ts";

export const KEY = "m0-a-secret-key";

/** The requests that a test can make fail. */
export const ADD = /^POST \/v3\/memories\/add\/$/;
export const LIST = /^POST \/v3\/memories\/$/;
export const DELETE = /^DELETE /;
export const EVENT = /^GET \/v1\/event\//;

/** A server in place of Mem0 that accepts only `KEY`, the memories on it, and their clock. Ends with the test. */
export async function aMem0(serverOptions: Mem0ServerOptions = {}, options: Partial<Mem0Options> = {}) {
  const server = await mem0Server({ apiKey: KEY, ...serverOptions });
  onTestFinished(server.close);
  const clock = virtualClock();
  return { server, memories: mem0Memories({ apiKey: KEY, host: server.url, clock, ...options }), clock };
}

/** How many requests of a kind the server received. */
export function count(server: Mem0Server, kind: RegExp): number {
  return server.requests.filter(({ method, path }) => kind.test(`${method} ${path}`)).length;
}
