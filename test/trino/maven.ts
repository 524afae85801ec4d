import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** The cache between runs. */
const CACHE = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "call-archive");

/** A Trino on disk: its jars are in folders of `home`. `java` is the program that can run it. */
export interface TrinoDistribution {
  readonly version: string;
  readonly home: string;
  readonly java: string;
}

/** The reason why a Trino cannot run on this machine. */
export interface Missing {
  readonly missing: string;
}

interface Build {
  readonly version: string;
  /** The oldest version of Java that runs it. */
  readonly oldestJava: number;
  readonly megabytes: number;
  /** Fills `folder` with the jars. */
  build(folder: string, java: string): Promise<void>;
}

/**
 * Returns the Trino in the cache, which is built from Maven's jars if missing; or the reason why this fails.
 *
 * It is built in a temporary folder, which is renamed at the end: a stopped run leaves no partial Trino.
 */
export async function mavenDistribution(options: Build): Promise<TrinoDistribution | Missing> {
  const { version, oldestJava, megabytes } = options;
  const java = await installedJava(oldestJava);
  if (java === undefined) {
    return { missing: `Java ${oldestJava} or newer is not installed: install it, or set JAVA_HOME` };
  }
  const home = join(CACHE, `trino-${version}`);
  if (existsSync(home)) return { version, home, java };
  if (spawnSync("mvn", ["--version"]).error) return { missing: "Maven is not installed" };
  process.stderr.write(`\n  Downloading Trino ${version} with Maven to ${home}: ${megabytes} MB, once\n\n`);
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(`${home}-`);
  await options.build(folder, java);
  await rename(folder, home);
  return { version, home, java };
}

/** Copies the jars of `artifact` to `to`, from one repository: the others that poms name do not respond. */
export async function copyJars(artifact: string, version: string, folder: string, to: string): Promise<void> {
  const pom = join(folder, `${artifact}.xml`);
  const settings = join(folder, "settings.xml");
  await writeFile(
    pom,
    `<project xmlns="http://maven.apache.org/POM/4.0.0">
      <modelVersion>4.0.0</modelVersion>
      <groupId>test</groupId><artifactId>${artifact}-jars</artifactId><version>1</version><packaging>pom</packaging>
      <dependencies><dependency>
        <groupId>io.trino</groupId><artifactId>${artifact}</artifactId><version>${version}</version>
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

/** Returns the first Java of at least this version: of `JAVA_HOME`, then of the system. */
async function installedJava(oldest: number): Promise<string | undefined> {
  const installed = existsSync("/usr/lib/jvm") ? await readdir("/usr/lib/jvm") : [];
  const homes = [process.env["JAVA_HOME"] ?? "", ...installed.map((name) => join("/usr/lib/jvm", name))];
  return homes.map((home) => join(home, "bin/java")).find((java) => existsSync(java) && versionOf(java) >= oldest);
}

function versionOf(java: string): number {
  const [, version = "0"] = /version "(\d+)/.exec(spawnSync(java, ["-version"]).stderr.toString()) ?? [];
  return Number(version);
}
