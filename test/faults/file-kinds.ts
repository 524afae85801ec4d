import { readFileSync } from "node:fs";
import { join } from "node:path";
import { at, entries } from "../../handlers/call/json.ts";

/** The kinds of files in an archive's folder, by their paths. The first matching pattern determines the kind. */
const KINDS = {
  call: /^archive\/[^_][^/]*\/[^/.]+\.json$/,
  attempt: /^archive\/[^_][^/]*\/[^/.]+\.failure\.json$/,
  recording: /^archive\/.*\.mp3$/,
  "delivered audio": /^archive\/_audio\//,
  unrouted: /^archive\/_other\//,
  quarantined: /^archive\/_quarantine\//,
  index: /^archive\/_index\//,
  "sidecar of a call": /^metadata\/archive\/[^_][^/]*\/[^/.]+\.json\.json$/,
  "sidecar of an attempt": /^metadata\/archive\/[^_].*\.failure\.json\.json$/,
  "sidecar of a recording": /^metadata\/archive\/.*\.mp3\.json$/,
  "sidecar of delivered audio": /^metadata\/archive\/_audio\//,
  "sidecar of unrouted": /^metadata\/archive\/_other\//,
  "sidecar of quarantined": /^metadata\/archive\/_quarantine\//,
  "sidecar of a part": /^metadata\/analytics\/days\//,
  "live object": /^analytics\/live\//,
  part: /^analytics\/days\//,
  state: /^analytics\/compaction\/state\.json$/,
  memories: /^memories\//,
  "dead letter": /^dead-letters\//,
  bookmark: /^reprocess\//,
  "note of the lock": /^lock$/,
  lock: /^lock\.sqlite$/,
  "webhook secret": /^webhook-secret$/,
  stamp: /^stamp$/,
} as const;

export type FileKind = keyof typeof KINDS;

export const FILE_KINDS = Object.keys(KINDS).filter((kind): kind is FileKind => kind in KINDS);

/** The kind of the file at `path` below an archive's folder, or `undefined` for an unknown kind. */
export function kindOf(path: string): FileKind | undefined {
  return FILE_KINDS.find((kind) => KINDS[kind].test(path));
}

/** Deliveries. Only a backup has them, so they are repaired by hand. */
export const ORIGINALS: readonly FileKind[] = ["call", "attempt", "delivered audio", "unrouted", "quarantined"];

/** The key of the object at `path`, or of the object whose sidecar is at `path`. */
export function objectOf(path: string): string {
  const [, side, key = path] = /^(metadata\/)?(?:archive|analytics)\/(.*)$/.exec(path) ?? [];
  return side ? key.replace(/\.json$/, "") : key;
}

/** The names for the file at `path`: a finding about it must contain one of them. */
export function namesOf(folder: string, path: string): string[] {
  if (kindOf(path) === "memories") return conversationsIn(join(folder, path));
  if (kindOf(path) === "index") {
    return [
      objectOf(path),
      ...entries(at(JSON.parse(readFileSync(join(folder, path), "utf8")), "objects")).map(([key]) => key),
    ];
  }
  // The name of an unrouted object's row contains the object's key, with other punctuation.
  if (kindOf(path) === "live object") return [/conv_[a-z0-9]+/.exec(path)?.[0] ?? path];
  // The findings about a missing delivery contain its conversation id.
  if (ORIGINALS.some((kind) => kind === kindOf(path))) return [/([^/.]+)(\.failure)?\.json$/.exec(path)?.[1] ?? path];
  return [objectOf(path), objectOf(path).replace(/\.mp3$/, ".json")];
}

function conversationsIn(path: string): string[] {
  const lines = readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "");
  return lines.map((line) => String(at(JSON.parse(line), "conversation_id")));
}
