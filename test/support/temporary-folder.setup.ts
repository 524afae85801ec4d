import { mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Linux keeps what is here in memory, where a sync costs nothing. */
const IN_MEMORY = "/dev/shm";

/** What a whole run needs at a time, several times over. A container may have less. */
const ENOUGH_BYTES = 2_000_000_000;

/** Gives a run a temporary folder of its own, in memory if there is room, and removes it with all that was left in it. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(hasSpace(IN_MEMORY) ? IN_MEMORY : tmpdir(), "call-archive-tests-"));
  // Windows reads the last two.
  for (const name of ["TMPDIR", "TEMP", "TMP"]) process.env[name] = folder;
  // Windows refuses to delete a file while a process that ends still has it.
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

function hasSpace(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > ENOUGH_BYTES;
  } catch {
    return false;
  }
}
