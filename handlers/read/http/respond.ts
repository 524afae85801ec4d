import { sha256 } from "../../call/digest.ts";
import type { Problem } from "../problem.ts";

/** Headers of every response: it is not guessed to be of another type, not embedded elsewhere, and not shared. */
export const SAFE_HEADERS = {
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "content-security-policy": "default-src 'none'; sandbox",
  "cache-control": "private, no-cache",
};

/** The parts of a request that a response depends on. */
export interface Conditions {
  readonly ifNoneMatch: string | undefined;
}

/** The response with `body`, or 304 if the client has it already. Its ETag is the hash of the body. */
export function textResponse(body: string, contentType: string, { ifNoneMatch }: Conditions): Response {
  const bytes = Buffer.from(body);
  const etag = etagOf(sha256(bytes).slice(0, 32));
  if (isMatch(ifNoneMatch, etag)) return notModified(etag);
  const headers = { ...SAFE_HEADERS, etag, "content-type": contentType, "content-length": String(bytes.length) };
  return new Response(bytes, { headers });
}

/** The response with `value` as JSON. */
export function jsonResponse(value: unknown, conditions: Conditions): Response {
  return textResponse(JSON.stringify(value), "application/json", conditions);
}

/** A response with these headers. `body` is `null` for a response without one. */
export function byteResponse(
  body: ReadableStream | null,
  status: number,
  headers: Readonly<Record<string, string>>,
): Response {
  return new Response(body, { status, headers: { ...SAFE_HEADERS, ...headers } });
}

/** The response 304. */
export function notModified(etag: string): Response {
  return new Response(null, { status: 304, headers: { ...SAFE_HEADERS, etag } });
}

/** The headers and the text of a problem (RFC 9457). */
export function problemParts({ status, title, detail, headers }: Problem) {
  return {
    status,
    headers: { ...SAFE_HEADERS, ...headers, "cache-control": "no-store", "content-type": "application/problem+json" },
    text: JSON.stringify({ type: "about:blank", title, status, detail }),
  };
}

/** The response of a problem. */
export function problemResponse(problem: Problem): Response {
  const { status, headers, text } = problemParts(problem);
  return new Response(text, { status, headers });
}

/** A strong ETag. */
export function etagOf(name: string): string {
  return `"${name.replaceAll('"', "")}"`;
}

/** Whether `If-None-Match` names this ETag, also as a weak one. */
export function isMatch(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.trim() === "*" || ifNoneMatch.split(",").some((each) => each.trim().replace(/^W\//, "") === etag);
}
