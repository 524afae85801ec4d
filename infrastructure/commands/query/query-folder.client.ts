import { existsSync } from "node:fs";
import { join } from "node:path";
import { openLocalEngine } from "../../../queries/engine/local-engine.client.ts";
import type { QueryResult } from "../../../queries/engine/query-engine.ts";
import type { Terminal } from "../toolkit/terminal.ts";

/** The answer of the archive in the folder of ARCHIVE_DIR to one saved query. Prints a line if there is no such folder. */
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
    `${folder} does not exist, so there is nothing in it to be found. ` +
    "`npm start` opens an archive, `npm run demo` makes one of samples. Set ARCHIVE_DIR if yours is elsewhere."
  );
}
