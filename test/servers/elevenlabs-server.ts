import { type FaultyServer, faultyServer, type Reply, type SeenRequest } from "./faulty-server.ts";

export interface ElevenLabsServer extends FaultyServer {
  /** The recordings it has, by conversation id. May be changed at any time. */
  readonly recordings: Map<string, Uint8Array>;
}

/** ElevenLabs' REST API as far as recordings go, on the loopback. It takes only `apiKey`, or any key without one. */
export async function elevenLabsServer(options: { readonly apiKey?: string } = {}): Promise<ElevenLabsServer> {
  const recordings = new Map<string, Uint8Array>();

  function reply({ method, path, headers }: SeenRequest): Reply {
    const key = headers["xi-api-key"];
    if (key === undefined || (options.apiKey !== undefined && key !== options.apiKey))
      return problem(401, "invalid_api_key");
    const [, id] = /^\/v1\/convai\/conversations\/([^/]+)\/audio$/.exec(path) ?? [];
    if (method !== "GET" || id === undefined) return problem(404, "not_found");
    const recording = recordings.get(decodeURIComponent(id));
    if (!recording) return problem(404, "document_not_found");
    return { status: 200, headers: { "content-type": "audio/mpeg" }, body: recording };
  }

  return { ...(await faultyServer(reply)), recordings };
}

function problem(status: number, code: string): Reply {
  const body = JSON.stringify({ detail: { status: code, message: "as the API words it" } });
  return { status, headers: { "content-type": "application/json" }, body };
}
