import { execFile } from "node:child_process";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { copyJars, type Missing, mavenDistribution, type TrinoDistribution } from "./maven.ts";

/** The newer version of Trino. Maven has all its parts (tested on 2026-11-23). */
const NEWER = "476";

/**
 * A version about as old as Athena's engine 3, from September 2022. Maven has the engine, but none of its connectors
 * (tested on 2026-11-30).
 */
const OLDER = "398";

/** Jars that the server provides to plugins. A copy in the plugin's folder would define the same classes again. */
const PROVIDED_BY_SERVER =
  /^(trino-spi|slice|jackson-annotations|opentelemetry-api|opentelemetry-context|jol-core)-[\d.]+\.jar$/;

/** Returns the newer Trino: its jars are in `lib/`, its one plugin in `plugin/hive/`. */
export function trinoDistribution(): Promise<TrinoDistribution | Missing> {
  return mavenDistribution({
    version: NEWER,
    oldestJava: 24,
    megabytes: 340,
    async build(folder, java) {
      await copyJars("trino-main", NEWER, folder, "lib");
      await copyJars("trino-hive", NEWER, folder, "plugin/hive");
      for (const jar of await readdir(join(folder, "plugin/hive"))) {
        if (PROVIDED_BY_SERVER.test(jar)) await rm(join(folder, "plugin/hive", jar));
      }
      await addPluginName(folder, java);
    },
  });
}

/** Returns the older Trino: its jars are in `lib/`. It runs on Java 17 and on Java 25 (tested on 2026-11-30). */
export function olderTrinoDistribution(): Promise<TrinoDistribution | Missing> {
  return mavenDistribution({
    version: OLDER,
    oldestJava: 17,
    megabytes: 80,
    build: (folder) => copyJars("trino-main", OLDER, folder, "lib"),
  });
}

/** Adds the name of the plugin's class, which the connector's jar from Maven lacks. */
async function addPluginName(folder: string, java: string): Promise<void> {
  const services = join(folder, "service/META-INF/services");
  await mkdir(services, { recursive: true });
  await writeFile(join(services, "io.trino.spi.Plugin"), "io.trino.plugin.hive.HivePlugin\n");
  const jar = join(folder, "plugin/hive/names-the-plugin.jar");
  await promisify(execFile)(join(dirname(java), "jar"), [
    "--create",
    "--file",
    jar,
    "-C",
    join(folder, "service"),
    "META-INF",
  ]);
}
