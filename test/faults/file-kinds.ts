import { readFileSync } from "node:fs";
import { join } from "node:path";
import { at, entries } from "../../handlers/call/json.ts";

/** What there is in an archive's folder, by path. Each file is of the first kind whose pattern it has. */
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

/** What kind of file is at `path` below an archive's folder; `undefined` if it is none that is known. */
export function kindOf(path: string): FileKind | undefined {
  return FILE_KINDS.find((kind) => KINDS[kind].test(path));
}

/** What was received: nothing but a backup has it, so that it is repaired by hand. */
export const ORIGINALS: readonly FileKind[] = ["call", "attempt", "delivered audio", "unrouted", "quarantined"];

/** The key of the object at `path`, or whose sidecar is there. */
export function objectOf(path: string): string {
  const [, side, key = path] = /^(metadata\/)?(?:archive|analytics)\/(.*)$/.exec(path) ?? [];
  return side ? key.replace(/\.json$/, "") : key;
}

/** The texts of which a finding must say one to name the file at `path`, or the object that it describes. */
export function namesOf(folder: string, path: string): string[] {
  if (kindOf(path) === "memories") return conversationsIn(join(folder, path));
  if (kindOf(path) === "index") {
    return [
      objectOf(path),
      ...entries(at(JSON.parse(readFileSync(join(folder, path), "utf8")), "objects")).map(([key]) => key),
    ];
  }
  // The name of an unrouted object's row has the object's key in it, with other punctuation.
  if (kindOf(path) === "live object") return [/conv_[a-z0-9]+/.exec(path)?.[0] ?? path];
  // What is left of a call that is gone names its conversation.
  if (ORIGINALS.some((kind) => kind === kindOf(path))) return [/([^/.]+)(\.failure)?\.json$/.exec(path)?.[1] ?? path];
  return [objectOf(path), objectOf(path).replace(/\.mp3$/, ".json")];
}

function conversationsIn(path: string): string[] {
  const lines = readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "");
  return lines.map((line) => String(at(JSON.parse(line), "conversation_id")));
}
