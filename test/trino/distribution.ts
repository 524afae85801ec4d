import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

/**
 * The version whose parts Maven serves whole, as tried on 2026-11-23. Athena's engine 3 is an older Trino; what the
 * saved queries use is the same in both.
 */
export const TRINO_VERSION = "476";

/** The oldest Java that Trino 476 runs on. */
const JAVA_VERSION = 24;

/** Kept between runs: 340 MB of jars that take a minute to fetch. */
const HOME = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "call-archive", `trino-${TRINO_VERSION}`);

/** What a server gives its plugins. A second copy in the plugin's own folder would be another class of the same name. */
const GIVEN_BY_SERVER =
  /^(trino-spi|slice|jackson-annotations|opentelemetry-api|opentelemetry-context|jol-core)-[\d.]+\.jar$/;

/** A Trino server on disk: its jars are in `lib/`, its one plugin in `plugin/hive/`. */
export interface TrinoDistribution {
  readonly home: string;
  readonly java: string;
}

/** The server in the cache, made from Maven's jars if it is not there yet; or why there cannot be one here. */
export async function trinoDistribution(): Promise<TrinoDistribution | { readonly missing: string }> {
  const java = await fittingJava();
  if (java === undefined) {
    return { missing: `there is no Java ${JAVA_VERSION} or newer: install one, or set JAVA_HOME to it` };
  }
  if (existsSync(HOME)) return { home: HOME, java };
  if (spawnSync("mvn", ["--version"]).error) return { missing: "Maven is not installed" };
  process.stderr.write(`\n  Fetching Trino ${TRINO_VERSION} by Maven to ${HOME}: 340 MB, once\n\n`);
  await install(java);
  return { home: HOME, java };
}

/** Made beside its place and moved there when it is whole: a run that is cut short leaves nothing that looks right. */
async function install(java: string): Promise<void> {
  await mkdir(dirname(HOME), { recursive: true });
  const folder = await mkdtemp(`${HOME}-`);
  await jarsOf("trino-main", folder, "lib");
  await jarsOf("trino-hive", folder, "plugin/hive");
  for (const jar of await readdir(join(folder, "plugin/hive"))) {
    if (GIVEN_BY_SERVER.test(jar)) await rm(join(folder, "plugin/hive", jar));
  }
  await nameThePlugin(folder, java);
  await rename(folder, HOME);
}

/** Copies the jars that `artifact` runs on into `to`. All from one repository: the others that poms name do not answer. */
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

/** The jar of the connector, as Maven has it, does not say which class is the plugin. */
async function nameThePlugin(folder: string, java: string): Promise<void> {
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

async function fittingJava(): Promise<string | undefined> {
  const underTest = existsSync("/usr/lib/jvm") ? await readdir("/usr/lib/jvm") : [];
  const homes = [process.env["JAVA_HOME"] ?? "", ...underTest.map((name) => join("/usr/lib/jvm", name))];
  return homes
    .map((home) => join(home, "bin/java"))
    .find((java) => existsSync(java) && versionOf(java) >= JAVA_VERSION);
}

function versionOf(java: string): number {
  const [, version = "0"] = /version "(\d+)/.exec(spawnSync(java, ["-version"]).stderr.toString()) ?? [];
  return Number(version);
}
