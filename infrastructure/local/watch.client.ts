import { type FSWatcher, watch } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { absent } from "../../handlers/clients/archive/atomic-file.client.ts";

/** A file counts as complete when it has not changed for this long, in milliseconds. */
const QUIET_MS = 150;

export interface FolderWatch {
  close(): void;
}

/**
 * Calls `onFile` with `folder/file` for every file in the folders under `root` that is put, replaced or touched.
 *
 * There is one watch a folder, so the number of files does not matter. A folder that appears later is also listed, so
 * files that were put before its watch began are reported, too. Hidden folders and files are ignored.
 *
 * `onError` is called if the operating system refuses another watch. Existing watches continue.
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
      watcher.on("error", () => forget(folder, watcher));
      watchers.set(folder, watcher);
    } catch (error) {
      // A name in the root that is no folder, or that was deleted meanwhile, needs no watch.
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (error instanceof Error && code !== "ENOENT" && code !== "ENOTDIR") onError(error);
    }
  }

  /** Ends a watch. The folder may have a newer one, which stays. */
  function forget(folder: string, watcher: FSWatcher | undefined): void {
    watcher?.close();
    if (watchers.get(folder) === watcher) watchers.delete(folder);
  }

  /** Replaces the watch of a folder, which may have been deleted and created again, and returns the names in it. */
  async function enter(folder: string): Promise<string[]> {
    forget(folder, watchers.get(folder));
    startWatching(folder, (name) => notice(`${folder}/${name}`));
    const watcher = watchers.get(folder);
    const files = await readdir(join(root, folder)).catch(absent);
    if (!files) forget(folder, watcher);
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
