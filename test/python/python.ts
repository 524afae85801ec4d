import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** The environment in which `.ci/run` installs `requirements.txt`. */
const INSTALLED = join(import.meta.dirname, "../../node_modules/.cache/readers/bin/python");

/** The message that no Python has the readers, and how to install them. */
export const READERS_MISSING =
  "No Python has pyarrow, pandas, polars and duckdb: pip install -r test/python/requirements.txt";

/** Returns a Python that has the readers; `undefined` if there is none. */
export function pythonWithReaders(): string | undefined {
  const imports = "import duckdb, pandas, polars, pyarrow, pytz";
  return [INSTALLED, "python3"].find((python) => spawnSync(python, ["-c", imports]).status === 0);
}
