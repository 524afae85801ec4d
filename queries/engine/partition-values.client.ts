import { readdir } from "node:fs/promises";
import { absent } from "./absent.ts";

/** The values of a partition column in the names of the folders in `folder`, in order. */
export async function partitionValues(column: string, folder: string): Promise<string[]> {
  const names = (await readdir(folder).catch(absent)) ?? [];
  const start = `${column}=`;
  const values = names.filter((name) => name.startsWith(start)).map((name) => name.slice(start.length));
  return values.sort();
}
