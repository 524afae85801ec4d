import { join } from "node:path";
import { openLocalEngine } from "../../../queries/engine/local-engine.client.ts";
import type { QueryResult } from "../../../queries/engine/query-engine.ts";
import { folderSettings, isThere, missingFolderText } from "../toolkit/archive-folder.client.ts";
import type { Terminal } from "../toolkit/terminal.ts";

/** Runs one saved query on the archive in the folder of ARCHIVE_DIR. Prints a note if there is no such folder. */
export async function queryFolder(
  sql: string,
  parameters: readonly string[],
  terminal: Terminal,
): Promise<QueryResult> {
  const settings = folderSettings(terminal.env);
  if (!isThere(settings)) terminal.printNote(missingFolderText(settings));
  const engine = await openLocalEngine(join(settings.folder, "analytics"));
  return engine.run(sql, parameters).finally(engine.close);
}
