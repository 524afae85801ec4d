import createClient from "openapi-fetch";
import type { Paths } from "./schema.ts";

/** A part of a statement. Lines and columns count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** An error response of the read API (RFC 9457). */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly status: number;
  /** What to do. */
  readonly detail: string;
  /** The part of a statement that is the reason. */
  readonly place: Place | undefined;

  constructor(status: number, title: string, detail: string, place?: Place) {
    super(title);
    this.status = status;
    this.detail = detail;
    this.place = place;
  }
}

/** The token of an archive that listens beyond this machine. It is in the first address, and kept for this tab only. */
const TOKEN = takeToken();

/** Takes the token out of the address, which people copy. */
function takeToken(): string | null {
  const address = new URL(location.href);
  const given = address.searchParams.get("token");
  if (given === null) return sessionStorage.getItem("token");
  sessionStorage.setItem("token", given);
  address.searchParams.delete("token");
  history.replaceState(null, "", address);
  return given;
}

const client = createClient<Paths>({
  baseUrl: location.origin,
  ...(TOKEN !== null && { headers: { authorization: `Bearer ${TOKEN}` } }),
});

type GetPath = { [Path in keyof Paths]: Paths[Path] extends { get: unknown } ? Path : never }[keyof Paths];

/** The JSON of a successful response to a GET of `Path`. */
export type Answer<Path extends GetPath> = Paths[Path] extends {
  get: { responses: { 200: { content: { "application/json": infer Body } } } };
}
  ? Body
  : never;

/** The parameters of a GET of `Path`. */
export type Parameters<Path extends GetPath> = Paths[Path] extends { get: { parameters: infer Given } } ? Given : never;

/**
 * The answer to a GET of `path`.
 *
 * @throws {ApiProblem} if the archive refuses the request, or cannot be reached (status 0).
 */
export async function get<Path extends GetPath>(
  path: Path,
  parameters: Parameters<Path>,
  signal?: AbortSignal,
): Promise<Answer<Path>> {
  const { data, error, response } = await client
    // biome-ignore lint/suspicious/noExplicitAny: openapi-fetch cannot infer its options for a path that is generic.
    .GET(path as any, { params: parameters, signal } as any)
    .catch((reason: unknown) => {
      if (reason instanceof DOMException && reason.name === "AbortError") throw reason;
      throw new ApiProblem(
        0,
        "The archive does not answer",
        "Is npm start or npm run serve still running? Start it, and try again.",
      );
    });
  if (data !== undefined) return data as Answer<Path>;
  const { title, detail, place } = (error ?? {}) as {
    readonly title?: string;
    readonly detail?: string;
    readonly place?: Place;
  };
  throw new ApiProblem(
    response.status,
    title ?? `The archive answered with status ${response.status}`,
    detail ?? "Its log has the reason.",
    place,
  );
}

/** The address of a file of the read API, such as a recording, for a link or a player. */
export function fileUrl(path: string, query: Readonly<Record<string, string>> = {}): string {
  const parameters = new URLSearchParams({ ...query, ...(TOKEN !== null && { token: TOKEN }) });
  return parameters.size > 0 ? `/api/v1${path}?${parameters}` : `/api/v1${path}`;
}
