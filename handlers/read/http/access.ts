import { createHash, timingSafeEqual } from "node:crypto";
import { Problem } from "../problem.ts";

/** Who may read: any process that reaches a loopback address, or a process with the token. */
export type Access =
  | { readonly kind: "loopback"; readonly hosts: readonly string[] }
  | { readonly kind: "token"; readonly token: string };

/** The parts of a request that access depends on. */
export interface AccessRequest {
  readonly method: string;
  /** The token in the address. */
  readonly token: string | undefined;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Whether the path is one that starts an action. Only such a request may have the method POST. */
  readonly isAction: boolean;
}

/** Headers that a proxy adds. A tunnel to a loopback address is one. */
const PROXY_HEADERS = ["forwarded", "x-forwarded-for", "x-forwarded-host", "via"];

/** Whether `host` is reachable from this machine only. */
export function isLoopback(host: string): boolean {
  return /^(127(\.\d{1,3}){3}|localhost|\[?::1\]?)$/i.test(host);
}

/** The `Host` headers of a listener on `port` of a loopback address. `host` is the configured one. */
export function loopbackHosts(port: number, host: string): string[] {
  const names = new Set([
    "127.0.0.1",
    "localhost",
    "[::1]",
    host.includes(":") && !host.startsWith("[") ? `[${host}]` : host,
  ]);
  return [...names].flatMap((name) => [`${name}:${port}`.toLowerCase(), ...(port === 80 ? [name.toLowerCase()] : [])]);
}

/**
 * Why a request is refused; `undefined` if it may read.
 *
 * A browser may be made to send requests here by any page that it shows, under a name that the page's owner controls (DNS
 * rebinding). So on a loopback address the `Host` must be one of its names. A page of another origin is refused
 * everywhere, and no CORS header is sent.
 */
export function accessProblem(request: AccessRequest, access: Access): Problem | undefined {
  const header = (name: string) => {
    const value = request.headers[name];
    return typeof value === "string" ? value : value?.[0];
  };
  const methods = request.isAction ? ["GET", "HEAD", "POST"] : ["GET", "HEAD"];
  if (!methods.includes(request.method)) {
    const headers = { allow: methods.join(", "), connection: "close" };
    return new Problem(405, "Method not allowed", `This path only answers ${methods.join(", ")}.`, { headers });
  }
  const host = header("host")?.toLowerCase() ?? "";
  if (access.kind === "loopback") {
    if (!access.hosts.includes(host))
      return new Problem(403, "Wrong host", `Use one of these hosts: ${access.hosts.join(", ")}.`);
    if (PROXY_HEADERS.some((name) => header(name) !== undefined))
      return new Problem(
        403,
        "Behind a proxy",
        "The read API of a loopback address does not answer a proxy or a tunnel.",
      );
  } else if (!isToken(request.token ?? bearer(header("authorization")), access.token)) {
    const headers = { "www-authenticate": "Bearer" };
    const detail =
      "Send the token that the command printed at its start: Authorization: Bearer TOKEN, or ?token=TOKEN.";
    return new Problem(401, "No valid token", detail, { headers });
  }
  const origin = header("origin")?.toLowerCase();
  const isOwnOrigin = origin === undefined || origin === `http://${host}` || origin === `https://${host}`;
  if (!isOwnOrigin || isOfOtherSite(header("sec-fetch-site"), header("sec-fetch-mode")))
    return new Problem(403, "Another origin", "The read API answers no page of another origin.");
  return undefined;
}

/** A person may follow a link from another page, but that page may not read the response. */
function isOfOtherSite(site: string | undefined, mode: string | undefined): boolean {
  return (site === "cross-site" || site === "same-site") && mode !== "navigate";
}

/**
 * Why a request may not start an action; `undefined` if it may. Access to reading is checked before.
 *
 * Only the archive's own page may. A browser sends `Origin` with each POST, and no page of another origin can read the
 * token or send the header.
 */
export function actionProblem(headers: AccessRequest["headers"], token: string): Problem | undefined {
  const header = (name: string) => [headers[name]].flat()[0];
  const origin = header("origin")?.toLowerCase();
  if (origin === undefined || origin !== `http://${header("host")?.toLowerCase()}`)
    return new Problem(403, "Another origin", "Only the page of this archive starts actions: send its Origin.");
  const site = header("sec-fetch-site");
  if (site !== undefined && site !== "same-origin")
    return new Problem(403, "Another origin", "Only the page of this archive starts actions.");
  if (!isToken(header("x-action-token"), token))
    return new Problem(
      403,
      "No valid action token",
      "Send the token that GET /api/v1/actions returns, as X-Action-Token. It is another one after each start.",
    );
  return undefined;
}

function bearer(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+)\s*$/i.exec(authorization ?? "")?.[1];
}

/** Takes the same time for every wrong token. */
function isToken(given: string | undefined, token: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given ?? ""), digest(token)) && given !== undefined;
}
