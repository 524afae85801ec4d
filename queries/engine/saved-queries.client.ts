import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type SavedQuery, savedQuery } from "./saved-queries.ts";

/** The folder of the saved queries in this repository. */
const FOLDER = join(import.meta.dirname, "..");

/** The folder of the queries of the read API, which are not in the list of saved queries. */
const READ_FOLDER = join(FOLDER, "read");

/** The text of each file, by its name. */
type SqlFiles = Readonly<Record<string, string>>;

/** In the bundle of a function, which has no files: the text of the queries in both folders. Not defined elsewhere. */
declare const BUNDLED_SQL: { readonly saved: SqlFiles; readonly read: SqlFiles };

/** Reads every saved query in `folder`, ordered by name. */
export async function readSavedQueries(folder: string = FOLDER): Promise<SavedQuery[]> {
  return queriesIn(typeof BUNDLED_SQL === "undefined" ? await sqlFiles(folder) : BUNDLED_SQL.saved);
}

/** Reads the queries of the read API, which are not in the list of saved queries. */
export async function readApiQueries(): Promise<SavedQuery[]> {
  return queriesIn(typeof BUNDLED_SQL === "undefined" ? await sqlFiles(READ_FOLDER) : BUNDLED_SQL.read);
}

/** Reads the text of the queries for a bundle, as `BUNDLED_SQL`. */
export async function bundledSql(): Promise<Readonly<Record<"saved" | "read", SqlFiles>>> {
  return { saved: await sqlFiles(FOLDER), read: await sqlFiles(READ_FOLDER) };
}

async function sqlFiles(folder: string): Promise<SqlFiles> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".sql")).sort();
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file, await readFile(join(folder, file), "utf8")] as const)),
  );
}

function queriesIn(files: SqlFiles): SavedQuery[] {
  return Object.entries(files).map(([file, sql]) => savedQuery(file.slice(0, -".sql".length), sql));
}
