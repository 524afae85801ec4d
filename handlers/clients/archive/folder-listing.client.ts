import { join } from "node:path";
import { concurrentReads, type FileReads } from "./file-reads.client.ts";

/**
 * The files below `root` whose paths begin with `prefix`, in ascending order of their bytes. Hidden files are left out.
 */
export async function* filesUnder(
  root: string,
  prefix: string,
  reads: Pick<FileReads, "folder" | "stats"> = concurrentReads,
  folder = "",
): AsyncGenerator<{ readonly key: string; readonly size: number }> {
  const found = await reads.folder(join(root, folder));
  const keys = (found ?? [])
    .filter((each) => !each.name.startsWith("."))
    .map((each) => `${folder}${each.name}${each.isDirectory() ? "/" : ""}`)
    .sort((one, other) => (one < other ? -1 : 1));
  for (const key of keys) {
    if (key.endsWith("/")) {
      if (key.startsWith(prefix) || prefix.startsWith(key)) yield* filesUnder(root, prefix, reads, key);
    } else if (key.startsWith(prefix)) {
      const stats = await reads.stats(join(root, key));
      if (stats) yield { key, size: Number(stats.size) };
    }
  }
}

/** The folders on one level whose paths begin with `prefix`, in order. Folders without files are left out. */
export async function* foldersUnder(
  root: string,
  prefix: string,
  reads: Pick<FileReads, "folder" | "stats"> = concurrentReads,
): AsyncGenerator<string> {
  const parent = prefix.slice(0, prefix.lastIndexOf("/") + 1);
  const found = await reads.folder(join(root, parent));
  const inside = (found ?? []).filter((each) => each.isDirectory()).map((each) => `${parent}${each.name}/`);
  for (const folder of inside.filter((each) => each.startsWith(prefix)).sort()) {
    for await (const _ of filesUnder(root, folder, reads)) {
      yield folder;
      break;
    }
  }
}
