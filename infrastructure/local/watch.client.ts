import { type FSWatcher, watch } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { absent } from "../../handlers/clients/archive/atomic-file.client.ts";

/** A file is taken for whole when nothing has happened to it for this long, in milliseconds. */
const QUIET_MS = 150;

export interface FolderWatch {
  close(): void;
}

/**
 * Tells of every file in the folders under `root` that is put, replaced or touched, as `folder/file`.
 *
 * One watch a folder, so the number of files does not matter. A folder that is made while we watch is read when
 * it appears: what was put in before its watch stood is told of, too. Hidden folders and files are passed over.
 *
 * `onError` is called when the operating system refuses another watch; what was watched before still is.
 */
export async function watchFolders(
  root: string,
  onFile: (path: string) => void,
  onError: (error: Error) => void,
): Promise<FolderWatch> {
  const watchers = new Map<string, FSWatcher>();
  const timers = new Map<string, NodeJS.Timeout>();

  function notice(path: string): void {
    clearTimeout(timers.get(path));
    timers.set(
      path,
      setTimeout(() => {
        timers.delete(path);
        onFile(path);
      }, QUIET_MS),
    );
  }

  function startWatching(folder: string, onName: (name: string) => void): void {
    if (watchers.has(folder)) return;
    try {
      const watcher = watch(join(root, folder), (_, name) => name && !name.startsWith(".") && onName(name));
      watcher.on("error", () => forget(folder));
      watchers.set(folder, watcher);
    } catch (error) {
      // A name in the root that is no folder, or that is gone again, is nothing to watch.
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (error instanceof Error && code !== "ENOENT" && code !== "ENOTDIR") onError(error);
    }
  }

  function forget(folder: string): void {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  }

  /** Watches a folder anew, and answers what is in it: one that was deleted and made again has the old one's name. */
  async function enter(folder: string): Promise<string[]> {
    forget(folder);
    startWatching(folder, (name) => notice(`${folder}/${name}`));
    const files = await readdir(join(root, folder)).catch(absent);
    if (!files) forget(folder);
    return (files ?? []).filter((name) => !name.startsWith("."));
  }

  await mkdir(root, { recursive: true });
  startWatching("", async (folder) => {
    for (const file of await enter(folder)) notice(`${folder}/${file}`);
  });
  const folders = await readdir(root, { withFileTypes: true });
  await Promise.all(folders.filter((each) => each.isDirectory()).map(({ name }) => enter(name)));

  return {
    close() {
      for (const watcher of watchers.values()) watcher.close();
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
