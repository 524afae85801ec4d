import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

/**
 * The version of Trino. Maven has all its parts (tested on 2026-11-23). Athena's engine 3 is an older Trino; the
 * features that the saved queries use are the same in both.
 */
export const TRINO_VERSION = "476";

/** The oldest version of Java for Trino 476. */
const JAVA_VERSION = 24;

/** The cache between runs: 340 MB of jars, which take a minute to download. */
const HOME = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "call-archive", `trino-${TRINO_VERSION}`);

/** Jars that the server provides to plugins. A copy in the plugin's folder would define the same classes again. */
const PROVIDED_BY_SERVER =
  /^(trino-spi|slice|jackson-annotations|opentelemetry-api|opentelemetry-context|jol-core)-[\d.]+\.jar$/;

/** A Trino server on disk: its jars are in `lib/`, its one plugin in `plugin/hive/`. */
export interface TrinoDistribution {
  readonly home: string;
  readonly java: string;
}

/** Returns the server in the cache, which is built from Maven's jars if missing; or the reason why this fails. */
export async function trinoDistribution(): Promise<TrinoDistribution | { readonly missing: string }> {
  const java = await installedJava();
  if (java === undefined) {
    return { missing: `Java ${JAVA_VERSION} or newer is not installed: install it, or set JAVA_HOME` };
  }
  if (existsSync(HOME)) return { home: HOME, java };
  if (spawnSync("mvn", ["--version"]).error) return { missing: "Maven is not installed" };
  process.stderr.write(`\n  Downloading Trino ${TRINO_VERSION} with Maven to ${HOME}: 340 MB, once\n\n`);
  await install(java);
  return { home: HOME, java };
}

/** Builds the server in a temporary folder, and renames it at the end: a stopped run leaves no partial server. */
async function install(java: string): Promise<void> {
  await mkdir(dirname(HOME), { recursive: true });
  const folder = await mkdtemp(`${HOME}-`);
  await jarsOf("trino-main", folder, "lib");
  await jarsOf("trino-hive", folder, "plugin/hive");
  for (const jar of await readdir(join(folder, "plugin/hive"))) {
    if (PROVIDED_BY_SERVER.test(jar)) await rm(join(folder, "plugin/hive", jar));
  }
  await addPluginName(folder, java);
  await rename(folder, HOME);
}

/** Copies the jars of `artifact` to `to`, from one repository: the others that poms name do not respond. */
async function jarsOf(artifact: string, folder: string, to: string): Promise<void> {
  const pom = join(folder, `${artifact}.xml`);
  const settings = join(folder, "settings.xml");
  await writeFile(
    pom,
    `<project xmlns="http://maven.apache.org/POM/4.0.0">
      <modelVersion>4.0.0</modelVersion>
      <groupId>test</groupId><artifactId>${artifact}-jars</artifactId><version>1</version><packaging>pom</packaging>
      <dependencies><dependency>
        <groupId>io.trino</groupId><artifactId>${artifact}</artifactId><version>${TRINO_VERSION}</version>
      </dependency></dependencies>
    </project>`,
  );
  await writeFile(
    settings,
    `<settings><mirrors><mirror>
      <id>central-only</id><mirrorOf>*</mirrorOf><url>https://repo.maven.apache.org/maven2</url>
    </mirror></mirrors></settings>`,
  );
  const goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", `-DoutputDirectory=${join(folder, to)}`];
  await promisify(execFile)("mvn", ["--batch-mode", "--quiet", "--settings", settings, "--file", pom, ...goal]);
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

async function installedJava(): Promise<string | undefined> {
  const installed = existsSync("/usr/lib/jvm") ? await readdir("/usr/lib/jvm") : [];
  const homes = [process.env["JAVA_HOME"] ?? "", ...installed.map((name) => join("/usr/lib/jvm", name))];
  return homes
    .map((home) => join(home, "bin/java"))
    .find((java) => existsSync(java) && versionOf(java) >= JAVA_VERSION);
}

function versionOf(java: string): number {
  const [, version = "0"] = /version "(\d+)/.exec(spawnSync(java, ["-version"]).stderr.toString()) ?? [];
  return Number(version);
}
