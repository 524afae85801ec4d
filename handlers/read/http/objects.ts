import { Readable } from "node:stream";
import { mp3Key } from "../../call/keys.ts";
import type { ByteRange, ObjectHead } from "../../clients/archive/archive.ts";
import { byteRange } from "../byte-range.ts";
import { locateCall, noSuchCall } from "../find-call.ts";
import { Problem } from "../problem.ts";
import { shortened } from "../range.ts";
import type { ReadDeps } from "../read-deps.ts";
import { byteResponse, etagOf, isMatch, notModified } from "./respond.ts";

/** The headers of a request that select the bytes of an object. */
export interface ObjectRequest {
  readonly method: string;
  readonly ifNoneMatch: string | undefined;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
}

/** The response with the recording of the call `id`, or with a range of its bytes. */
export async function recordingResponse(
  id: string,
  request: ObjectRequest,
  deps: Pick<ReadDeps, "archive">,
): Promise<Response> {
  const { key, index } = await locateCall(id, deps);
  const head = await deps.archive.head(mp3Key(key));
  if (!head) {
    const why = index.recording ? ` (${index.recording.state})` : "";
    throw new Problem(404, "No recording", `The archive has no recording of ${shortened(id)}${why}.`);
  }
  const etag = etagOf(head.etag);
  const isSame = request.ifRange === undefined || request.ifRange === etag;
  const range = isSame ? byteRange(request.range, head.size) : undefined;
  if (range === "unsatisfiable") {
    const detail = `The recording has ${head.size} bytes: ask for a range that begins before its end.`;
    throw new Problem(416, "Range beyond the end", detail, { headers: { "content-range": `bytes */${head.size}` } });
  }
  return objectResponse(head, "audio/mpeg", request, range, deps);
}

/** The response with the JSON of the call `id`, byte for byte. */
export async function rawResponse(
  id: string,
  request: ObjectRequest,
  deps: Pick<ReadDeps, "archive">,
): Promise<Response> {
  const { key } = await locateCall(id, deps);
  const head = await deps.archive.head(key);
  if (!head) throw noSuchCall(id);
  return objectResponse(head, "application/json", request, undefined, deps);
}

async function objectResponse(
  head: ObjectHead,
  contentType: string,
  { method, ifNoneMatch }: ObjectRequest,
  range: ByteRange | undefined,
  { archive }: Pick<ReadDeps, "archive">,
): Promise<Response> {
  const etag = etagOf(head.etag);
  if (isMatch(ifNoneMatch, etag)) return notModified(etag);
  const { start, end } = range ?? { start: 0, end: head.size - 1 };
  const headers = {
    etag,
    "content-type": contentType,
    "content-length": String(end - start + 1),
    ...(contentType === "audio/mpeg" && { "accept-ranges": "bytes" }),
    ...(range && { "content-range": `bytes ${start}-${end}/${head.size}` }),
  };
  const status = range ? 206 : 200;
  // A stream that is not read to its end would keep its file open.
  if (method === "HEAD") return byteResponse(null, status, headers);
  const stream = await archive.stream(head.key, range).catch(archived);
  if (!stream) throw new Problem(404, "Object gone", `${head.key} was deleted meanwhile.`);
  return byteResponse(Readable.toWeb(stream), status, headers);
}

/** S3's error for an object in Glacier that must be restored before it can be read (S3 API, GetObject, 2026-11). */
function archived(error: unknown): never {
  if (!(error instanceof Error) || error.name !== "InvalidObjectState") throw error;
  const detail = "The object is in Glacier: restore it (docs/operating.md), and repeat the request after some hours.";
  throw new Problem(409, "Object in Glacier", detail, { cause: error });
}
