import type { Compaction } from "../../../handlers/compact/compaction.ts";
import type { PlannedDay } from "../../../handlers/compact/planned-days.ts";
import { nameInLiveKey } from "../../../queries/tables/table.ts";
import { namedTable } from "./text-table.ts";

const COLUMNS = ["day", "what", "conversations", "objects before", "objects after", "bytes before", "bytes after"];

/** What a run did, a line for each day, and what it came to. */
export function compactionTable({ days, firstLiveDay, isFinished }: Compaction): string {
  const standing = `Every day before ${firstLiveDay} is closed\n`;
  if (days.length === 0) return isFinished ? `Nothing to do. ${standing}` : standing;
  const rows = days.map(({ day, did, record }) => {
    const shards = record.filter((shard) => shard !== null);
    const sum = (figure: "conversations" | "objects" | "parts" | "live_bytes" | "bytes") =>
      shards.reduce((total, shard) => total + shard[figure], 0);
    return [day, did, sum("conversations"), sum("objects"), sum("parts"), sum("live_bytes"), sum("bytes")];
  });
  return `${namedTable(COLUMNS, rows)}${standing}`;
}

/** What a run would do. */
export function plannedTable(days: readonly PlannedDay[]): string {
  if (days.length === 0) return "Nothing to do\n";
  const rows = days.map(({ day, did, conversations, objects, parts, bytes }) => [
    day,
    did === "closed" ? "to be closed" : "to be made anew",
    conversations,
    objects,
    bytes,
    parts,
  ]);
  return namedTable(["day", "what", "conversations", "live objects", "their bytes", "closed objects"], rows);
}

/** Which rows are missing from closed days, and how to have them made again; empty if none are. */
export function unreadableText(unreadable: Compaction["unreadable"]): string {
  return Object.entries(unreadable)
    .map(([day, keys]) => {
      const names = [...new Set(keys.map(nameInLiveKey))];
      return [
        `Rows are missing from ${day}, since these objects cannot be read:`,
        ...keys.map((key) => `  ${key}`),
        "Have them made again from the calls in the archive, then run this once more:",
        ...names.map((name) => `  npm run reprocess -- --conversation ${name}`),
        "",
      ].join("\n");
    })
    .join("");
}
