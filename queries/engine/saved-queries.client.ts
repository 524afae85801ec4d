import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type SavedQuery, savedQuery } from "./saved-queries.ts";

/** The folder of the saved queries in this repository. */
const FOLDER = join(import.meta.dirname, "..");

/** Reads every saved query in `folder`, ordered by name. */
export async function readSavedQueries(folder: string = FOLDER): Promise<SavedQuery[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".sql")).sort();
  return Promise.all(
    files.map(async (file) => savedQuery(file.slice(0, -".sql".length), await readFile(join(folder, file), "utf8"))),
  );
}

/** Reads the queries of the read API, which are not in the list of saved queries. */
export function readApiQueries(): Promise<SavedQuery[]> {
  return readSavedQueries(join(FOLDER, "read"));
}
