import { mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** On Linux these files are in memory, where a sync costs nothing. */
const IN_MEMORY = "/dev/shm";

/** Several times the space that a whole run needs. A container may have less. */
const ENOUGH_BYTES = 2_000_000_000;

/** Creates a temporary folder for this run, in memory if there is space, and removes it with its content. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(hasSpace(IN_MEMORY) ? IN_MEMORY : tmpdir(), "call-archive-tests-"));
  // Windows uses the last two.
  for (const name of ["TMPDIR", "TEMP", "TMP"]) process.env[name] = folder;
  // Windows cannot delete a file that an ending process still has open.
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
