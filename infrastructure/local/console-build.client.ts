import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { absent } from "../../handlers/clients/archive/atomic-file.client.ts";

const ROOT = join(import.meta.dirname, "../..");
const SOURCE = join(ROOT, "infrastructure/console");
const BUILDS = join(ROOT, "node_modules/.cache/call-archive-console");

/**
 * The folder of the built console. The first call after a change of its source builds it, which takes a few seconds.
 *
 * Builds are kept under a hash of everything they are made of, and appear whole by a rename. So two archives that start
 * at once cannot disturb each other.
 *
 * @throws {Error} if the build fails.
 */
export async function builtConsole(): Promise<string> {
  const built = join(BUILDS, await sourceHash());
  if (await isBuilt(built)) return built;
  await mkdir(BUILDS, { recursive: true });
  const building = await mkdtemp(join(BUILDS, "building-"));
  const vite = join(dirname(createRequire(import.meta.url).resolve("vite/package.json")), "bin/vite.js");
  // In a separate process, because the bundler needs more memory than the archive.
  await promisify(execFile)(process.execPath, [vite, "build", SOURCE, "--outDir", building, "--emptyOutDir"], {
    cwd: ROOT,
    // The builds for development of the libraries are larger and slower.
    env: { ...process.env, NODE_ENV: "production" },
  });
  await rename(building, built).catch(async (error: unknown) => {
    // Another process was faster, and its build is the same.
    if (!(await isBuilt(built))) throw error;
    await rm(building, { recursive: true, force: true });
  });
  await removeOldBuilds(built);
  return built;
}

/** A process reads the files of a build at once, so an older build is soon needed no more. */
const KEPT_MS = 60 * 60 * 1000;

async function removeOldBuilds(newest: string): Promise<void> {
  for (const name of await readdir(BUILDS)) {
    const path = join(BUILDS, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (path !== newest && mtimeMs < Date.now() - KEPT_MS) await rm(path, { recursive: true, force: true });
  }
}

async function sourceHash(): Promise<string> {
  const hash = createHash("sha256");
  const files = await readdir(SOURCE, { recursive: true, withFileTypes: true });
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  for (const path of [...paths, join(ROOT, "package.json")].sort()) hash.update(path).update(await readFile(path));
  return hash.digest("hex").slice(0, 16);
}

async function isBuilt(folder: string): Promise<boolean> {
  return (await stat(join(folder, "index.html")).catch(absent)) !== undefined;
}
