import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");

interface Source {
  /** From the project's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** What it imports to run; types are left out. Our own files as paths from the root. */
  readonly imports: readonly string[];
  /** Every file of ours that it imports, also for its types alone. */
  readonly all: readonly string[];
}

/** Imports that are there when the code runs, not for types alone. */
const TO_RUN = /^import (?!type )(?:[^;]*? from )?"([^"]+)"|\bimport\("([^"]+)"\)/gm;

/** Imports of files of ours. */
const OURS = /(?:\bfrom |\bimport |\bimport\()"(\.[^"]+)"/g;

/** One folder for each command. */
const COMMANDS = readdirSync(join(ROOT, "infrastructure/commands"), { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() && entry.name !== "toolkit" ? [entry.name] : [],
);

const SOURCES = ["infrastructure", "handlers", "queries"].flatMap(sourcesIn);

/**
 * The rooms from the ground floor up. A file belongs to the last room here that its path begins with; it imports from its
 * own room and from those before it. Rooms in one line do not know each other.
 */
const ROOMS: readonly (readonly string[])[] = [
  ["queries/tables/"],
  ["queries/engine/"],
  ["handlers/call/"],
  ["handlers/clients/"],
  ["handlers/clients/observability/"],
  ["handlers/clients/http/"],
  ["handlers/clients/aws/"],
  ["handlers/clients/credentials/", "handlers/clients/archive/"],
  ["handlers/clients/memory/", "handlers/clients/elevenlabs/"],
  ["handlers/receive/", "handlers/compact/", "handlers/doctor/"],
  ["handlers/process/"],
  ["handlers/reprocess/", "handlers/erase/", "handlers/reconcile/", "handlers/verify/"],
  ["infrastructure/samples/", "infrastructure/aws/", "infrastructure/local/"],
  ["infrastructure/commands/toolkit/"],
  COMMANDS.map((name) => `infrastructure/commands/${name}/`),
  // The list of all commands, and the one entry to them.
  ["infrastructure/commands/"],
  // Draws what a command prints.
  ["infrastructure/picture/"],
];

/** Where a path stands: the floor, and the room on it. */
function roomOf(path: string): { readonly floor: number; readonly name: string } | undefined {
  const named = ROOMS.flatMap((rooms, floor) => rooms.map((name) => ({ floor, name })));
  return named.filter(({ name }) => path.startsWith(name)).sort((one, other) => other.name.length - one.name.length)[0];
}

/** The imports that go up, or next door. Types count, too: whoever names what is above depends on it. */
function strayImports(sources: readonly Pick<Source, "path" | "all">[]): string[] {
  return sources.flatMap(({ path, all }) => {
    const from = roomOf(path);
    if (!from) return [`${path} is in no room`];
    const wrong = all.filter((each) => {
      const to = roomOf(each);
      return !to || to.floor > from.floor || (to.floor === from.floor && to.name !== from.name);
    });
    return wrong.map((each) => `${path} imports ${each}`);
  });
}

test("a file imports from its own room and from those below", () => {
  expect(strayImports(SOURCES)).toEqual([]);
});

test("an import that is planted in any forbidden direction is found", () => {
  const places = ROOMS.flatMap((rooms, floor) => rooms.map((name) => ({ floor, path: `${name}planted.ts` })));
  for (const { floor, path } of places) {
    for (const other of places) {
      const isAllowed = other.floor < floor || other.path === path;
      expect(strayImports([{ path, all: [other.path] }])).toEqual(isAllowed ? [] : [`${path} imports ${other.path}`]);
    }
  }
  expect(strayImports([{ path: "handlers/planted.ts", all: [] }])).toEqual(["handlers/planted.ts is in no room"]);
});

/** What only a client, a command or a Lambda's wiring may touch: the disk, the network, other processes. */
const OUTSIDE =
  /^(node:(fs|fs\/promises|http|https|http2|net|tls|dgram|dns|child_process)|@duckdb\/.*|mem0ai|@aws-sdk\/.*)$/;

test("the disk and the network are touched in .client.ts, .cli.ts and .lambda.ts only", () => {
  const strays = SOURCES.filter(({ path }) => !/\.(client|cli|lambda)\.ts$/.test(path)).flatMap(
    ({ path, text, imports }) => [
      ...imports.filter((each) => OUTSIDE.test(each)).map((each) => `${path} imports ${each}`),
      ...(/\bfetch\(/.test(text) ? [`${path} calls fetch`] : []),
      ...(/\bprocess\.env\b/.test(text) ? [`${path} reads the environment`] : []),
    ],
  );
  expect(strays).toEqual([]);
});

test("a command has nothing of its process but its terminal", () => {
  const ofProcess = /\bconsole\.|\bprocess\.(stdin|stdout|stderr|exit|exitCode|argv|env|on|once)\b/;
  const strays = SOURCES.filter(
    ({ path, text }) =>
      path.startsWith("infrastructure/commands/") && !path.endsWith(".cli.ts") && ofProcess.test(text),
  );
  expect(strays.map(({ path }) => path)).toEqual([]);
});

test("nobody imports a command or a Lambda's wiring", () => {
  const strays = SOURCES.flatMap(({ path, imports }) =>
    imports.filter((each) => /\.(cli|lambda)\.ts$/.test(each)).map((each) => `${path} imports ${each}`),
  );
  expect(strays).toEqual([]);
});

test("every function that is exported says what it gives", () => {
  const silent = SOURCES.flatMap(({ path, text }) =>
    [...text.matchAll(/^(.*)\n(?:@.*\n)?export (?:async )?(?:function\*?|class) (\w+)/gm)]
      .filter(([, above = ""]) => !above.trimEnd().endsWith("*/"))
      .map(([, , name]) => `${path}: ${name}`),
  );
  expect(silent).toEqual([]);
});

function sourcesIn(folder: string): Source[] {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".ts"))
    .map((file) => {
      const path = join(folder, file);
      const text = readFileSync(join(ROOT, path), "utf8");
      const all = importsOf(path, text, OURS);
      return { path: path.replaceAll("\\", "/"), text, imports: importsOf(path, text, TO_RUN), all };
    });
}

function importsOf(path: string, text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, still, late]) => {
    const name = still ?? late ?? "";
    if (!name.startsWith(".")) return name;
    return relative(ROOT, join(ROOT, dirname(path), name)).replaceAll("\\", "/");
  });
}
