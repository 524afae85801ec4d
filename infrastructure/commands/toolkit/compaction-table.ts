import type { Compaction, CompactionFailed } from "../../../handlers/compact/compaction.ts";
import type { PlannedDay } from "../../../handlers/compact/planned-days.ts";
import { nameInLiveKey } from "../../../queries/tables/table.ts";
import { isUtcDate } from "../../../queries/tables/utc-date.ts";
import { presentRows } from "./present.ts";

const COLUMNS = ["day", "what", "conversations", "objects before", "objects after", "bytes before", "bytes after"];

type TableOrJson = "table" | "json";

/** Formats what a run did, one line per day or hour. A table ends with a summary; JSON is an array of the lines. */
export function compactionTable({ days, firstLiveDay, isFinished }: Compaction, format: TableOrJson = "table"): string {
  const summary = `Every day before ${firstLiveDay} is closed\n`;
  if (days.length === 0 && format === "table") return isFinished ? `Nothing to do. ${summary}` : summary;
  const rows = days.map(({ day, did, record }) => {
    const shards = record.filter((shard) => shard !== null);
    const sum = (metric: "conversations" | "objects" | "parts" | "live_bytes" | "bytes") =>
      shards.reduce((total, shard) => total + shard[metric], 0);
    return [subjectText(day), did, sum("conversations"), sum("objects"), sum("parts"), sum("live_bytes"), sum("bytes")];
  });
  return `${presentRows(COLUMNS, rows, format)}${format === "table" ? summary : ""}`;
}

const TO_BE_DONE: Record<PlannedDay["did"], string> = {
  closed: "to be closed",
  rewritten: "to be rebuilt",
  packed: "to be packed",
};

/** Formats a day, or an hour with its first minute, in UTC. */
function subjectText(day: string): string {
  return isUtcDate(day) ? day : `${day.replace("/", " ")}:00`;
}

/** Formats what a run would do. */
export function plannedTable(days: readonly PlannedDay[], format: TableOrJson): string {
  if (days.length === 0 && format === "table") return "Nothing to do\n";
  const rows = days.map(({ day, did, conversations, objects, parts, bytes }) => [
    subjectText(day),
    TO_BE_DONE[did],
    conversations,
    objects,
    bytes,
    parts,
  ]);
  return presentRows(["day", "what", "conversations", "live objects", "their bytes", "closed objects"], rows, format);
}

/** Formats what could not be done, and why. */
export function failureText({ subjects, message }: CompactionFailed): string {
  const what = subjects.every(isUtcDate) ? "Some days could not be closed" : "Some work could not be done";
  return `${what}: ${message}. Repair the cause and run the command again.`;
}

/**
 * Lists the objects whose rows are missing from closed days and packed hours, and the commands that rebuild them. Empty if there are
 * none.
 */
export function unreadableText(unreadable: Compaction["unreadable"]): string {
  return Object.entries(unreadable)
    .map(([day, keys]) => {
      const names = [...new Set(keys.map(nameInLiveKey))];
      return [
        `Rows of ${day} are missing, because these objects cannot be read:`,
        ...keys.map((key) => `  ${key}`),
        "Rebuild them from the calls in the archive, then run this command again:",
        ...names.map((name) => `  npm run reprocess -- --conversation ${name}`),
        "",
      ].join("\n");
    })
    .join("");
}
