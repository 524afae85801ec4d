import { at, list, words } from "../../handlers/call/json.ts";
import { parsedKey } from "../../handlers/call/keys.ts";
import type { Violation, WorldState } from "./invariants.ts";

/** Shorter texts are in harmless lines, too: `ok`, `Done.` */
const SHORTEST = 10;

/** The numbers, words of calls, secrets and signatures in logged lines. */
export function leakedInto({ bucket, lines, secrets }: WorldState): Violation[] {
  const text = lines.join("\n");
  const found = new Set<Violation>();
  const look = (what: string, needle: string) => {
    const isLeaked = [needle, JSON.stringify(needle).slice(1, -1)].some((each) => text.includes(each));
    if (needle.length >= SHORTEST && isLeaked) found.add(`leaked: ${what}`);
  };
  for (const secret of secrets) if (text.includes(secret)) found.add("leaked: a secret");
  for (const [key, { body, metadata }] of bucket.objects) {
    const name = parsedKey(key);
    if (!name) continue;
    const signatures = (metadata["elevenlabs-signature"] ?? "").match(/[0-9a-f]{64}/g) ?? [];
    for (const signature of signatures) look(`the signature of ${key}`, signature);
    if (name.kind !== "transcription") continue;
    if (name.caller) look(`the caller of ${key}`, name.caller);
    const data = at(JSON.parse(body.toString()), "data");
    const messages = list(at(data, "transcript")).map((turn) => at(turn, "message"));
    for (const each of [...messages, at(data, "analysis", "transcript_summary")]) {
      look(`words of ${name.conversation}`, words(each) ?? "");
    }
  }
  return [...found];
}
