import { Readable } from "node:stream";
import { mp3Key } from "../../call/keys.ts";
import type { ByteRange, ObjectHead } from "../../clients/archive/archive.ts";
import { byteRange } from "../byte-range.ts";
import { locateCall, noSuchCall } from "../find-call.ts";
import { inGlacier, throwIfInGlacier } from "../in-glacier.ts";
import { Problem } from "../problem.ts";
import { shortened } from "../range.ts";
import type { DirectReads, ReadDeps } from "../read-deps.ts";
import { byteResponse, etagOf, isMatch, notModified } from "./respond.ts";

/** The headers of a request that select the bytes of an object. */
export interface ObjectRequest {
  readonly method: string;
  readonly ifNoneMatch: string | undefined;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
  /** Whether a page of the same origin asks. Its Content-Security-Policy allows no other host. */
  readonly isOwnPage: boolean;
}

/** The response with the recording of the call `id`, or with a range of its bytes. */
export async function recordingResponse(
  id: string,
  request: ObjectRequest,
  deps: Pick<ReadDeps, "archive" | "direct">,
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
  const isStreamed = request.isOwnPage && head.size <= (deps.direct?.mostBytes ?? 0);
  if (deps.direct && !isStreamed) return directResponse(head, "audio/mpeg", request, deps.direct);
  return objectResponse(head, "audio/mpeg", request, range, deps);
}

/** The response with the JSON of the call `id`, byte for byte. */
export async function rawResponse(
  id: string,
  request: ObjectRequest,
  deps: Pick<ReadDeps, "archive" | "direct">,
): Promise<Response> {
  const { key } = await locateCall(id, deps);
  const head = await deps.archive.head(key);
  if (!head) throw noSuchCall(id);
  if (deps.direct && head.size > deps.direct.mostBytes)
    return directResponse(head, "application/json", request, deps.direct);
  return objectResponse(head, "application/json", request, undefined, deps);
}

/** The response that leads to the address of an object in S3, which serves its ranges. It is not cached: it expires. */
async function directResponse(
  { key, etag, isInGlacier }: ObjectHead,
  contentType: string,
  { method, ifNoneMatch }: ObjectRequest,
  direct: DirectReads,
): Promise<Response> {
  if (isInGlacier) throw inGlacier();
  if (isMatch(ifNoneMatch, etagOf(etag))) return notModified(etagOf(etag));
  const location = await direct.address(key, { contentType, method: method === "HEAD" ? "HEAD" : "GET" });
  return byteResponse(null, 302, { location, "cache-control": "no-store" });
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
  const stream = await archive.stream(head.key, range).catch(throwIfInGlacier);
  if (!stream) throw new Problem(404, "Object gone", `${head.key} was deleted meanwhile.`);
  return byteResponse(Readable.toWeb(stream), status, headers);
}
