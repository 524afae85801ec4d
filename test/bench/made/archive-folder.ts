import { mkdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pMap from "p-map";
import { sha256 } from "../../../handlers/call/digest.ts";
import { readEvent } from "../../../handlers/call/event.ts";
import { indexKey, rawKey } from "../../../handlers/call/keys.ts";
import { jsonBytes } from "../../../handlers/clients/archive/json-object.ts";
import type { ConversationIndex } from "../../../handlers/process/conversation-index.ts";
import { stampFolder } from "../../../infrastructure/local/folder-stamp.client.ts";
import { withChecksum } from "../../../queries/tables/checksum.ts";
import { dateOfHour, utcHour } from "../../../queries/tables/utc-date.ts";
import { aTranscription } from "../../support/fixtures/events.ts";
import { idOf } from "./templates.ts";

const RECEIVED_AT = new Date("2026-11-20T10:02:00.000Z");
const WRITES_AT_ONCE = 16;

/** The number of callers: the folders of the archive. */
const CALLERS = 5_000;

/**
 * Writes an archive with `calls` short calls that are processed: the JSON, its metadata and the index of each, without
 * rows. It is what `npm start` reads to find calls that are not processed.
 */
export async function writeArchive(folder: string, calls: number): Promise<void> {
  const numbers = Array.from({ length: calls }, (_, n) => n);
  for (let n = 0; n < Math.min(CALLERS, calls); n += 1) {
    await mkdir(join(folder, "archive", callerOf(n)), { recursive: true });
    await mkdir(join(folder, "metadata/archive", callerOf(n)), { recursive: true });
  }
  await mkdir(join(folder, "archive/_index"), { recursive: true });
  await pMap(numbers, (n) => writeCall(folder, n), { concurrency: WRITES_AT_ONCE });
  await stampFolder(folder);
}

async function writeCall(folder: string, n: number): Promise<void> {
  const phone_call = { direction: "inbound", external_number: `+${callerOf(n)}`, type: "twilio" };
  const metadata = { start_time_unix_secs: RECEIVED_AT.getTime() / 1000 - 60, call_duration_secs: 40, phone_call };
  const body = aTranscription({ conversation_id: idOf(n), metadata });
  const key = rawKey(readEvent(body), body, undefined);
  await writeFile(join(folder, "archive", key), body);
  await utimes(join(folder, "archive", key), RECEIVED_AT, RECEIVED_AT);
  const version = `${RECEIVED_AT.getTime()}000000`;
  const received = { source: "webhook", "received-at": RECEIVED_AT.toISOString() };
  const entry = { etag: sha256(body), mtime: version, size: body.length, metadata: received };
  await writeFile(join(folder, "metadata/archive", `${key}.json`), JSON.stringify([withChecksum(entry)]));
  await writeFile(join(folder, "archive", indexKey(idOf(n))), jsonBytes(indexOf(idOf(n), key, version, entry.etag)));
}

function indexOf(conversation: string, key: string, version: string, hash: string): ConversationIndex {
  const received_at = RECEIVED_AT.toISOString();
  const hour = utcHour(RECEIVED_AT);
  const done = ["audio", "rows", "memory"] as const;
  return {
    conversation,
    objects: { [key]: { sha256: hash, version, received_at, source: "webhook", done } },
    hours: [hour],
    home: { key, day: dateOfHour(hour), hour: hour.slice(11), agent_id: "agent_1" },
    recording: { state: "off" },
    memory: { state: "added", user_ids: [] },
  };
}

function callerOf(n: number): string {
  return `1202555${String(n % CALLERS).padStart(4, "0")}`;
}
