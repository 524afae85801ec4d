import { existsSync } from "node:fs";
import { join } from "node:path";
import { openLocalEngine } from "../../../queries/engine/local-engine.client.ts";
import type { QueryResult } from "../../../queries/engine/query-engine.ts";
import type { Terminal } from "../toolkit/terminal.ts";

/** Runs one saved query on the archive in the folder of ARCHIVE_DIR. Prints a note if there is no such folder. */
export async function queryFolder(
  sql: string,
  parameters: readonly string[],
  terminal: Terminal,
): Promise<QueryResult> {
  const folder = terminal.env["ARCHIVE_DIR"]?.trim() || ".archive";
  if (!existsSync(folder)) terminal.printNote(noArchive(folder));
  const engine = await openLocalEngine(join(folder, "analytics"));
  return engine.run(sql, parameters).finally(engine.close);
}

function noArchive(folder: string): string {
  return (
    `${folder} does not exist, so there are no calls. ` +
    "`npm start` creates an archive, `npm run demo` creates one with sample calls. Set ARCHIVE_DIR if yours is elsewhere."
  );
}
