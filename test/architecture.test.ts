import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");

interface Source {
  /** The path from the project's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** Its imports without those of types. Our own files are paths from the root. */
  readonly imports: readonly string[];
  /** Every one of our files that it imports, also for types only. */
  readonly ownImports: readonly string[];
}

/** Imports at run time, without those of types. */
const RUNTIME_IMPORT = /^import (?!type )(?:[^;]*? from )?"([^"]+)"|\bimport\("([^"]+)"\)/gm;

/** Imports of our own files. */
const OWN_IMPORT = /(?:\bfrom |\bimport |\bimport\()"(\.[^"]+)"/g;

/** The names of the commands, each of which has a folder. */
const COMMANDS = readdirSync(join(ROOT, "infrastructure/commands"), { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() && entry.name !== "toolkit" ? [entry.name] : [],
);

const SOURCES = ["infrastructure", "handlers", "queries"].flatMap(sourcesIn);

/**
 * The layers, from the lowest to the highest, each with its folders. A file belongs to the longest folder here that its
 * path begins with. It imports from its own folder and from lower layers. Folders of one layer do not import each other.
 */
const LAYERS: readonly (readonly string[])[] = [
  // A client of the read API over HTTP, and of nothing else. Nothing imports it.
  ["infrastructure/console/"],
  ["queries/tables/"],
  ["queries/engine/"],
  ["handlers/call/"],
  ["handlers/clients/"],
  ["handlers/clients/observability/"],
  ["handlers/clients/http/"],
  ["handlers/clients/aws/"],
  ["handlers/clients/credentials/", "handlers/clients/archive/"],
  ["handlers/clients/memory/", "handlers/clients/elevenlabs/"],
  ["handlers/receive/", "handlers/compact/", "handlers/doctor/", "handlers/monitor/"],
  ["handlers/process/"],
  ["handlers/reprocess/", "handlers/erase/", "handlers/reconcile/", "handlers/verify/"],
  ["handlers/read/"],
  ["infrastructure/samples/", "infrastructure/aws/", "infrastructure/local/"],
  ["infrastructure/commands/toolkit/"],
  COMMANDS.map((name) => `infrastructure/commands/${name}/`),
  // The list of all commands, and the one entry to them.
  ["infrastructure/commands/"],
  // One draws what a command prints. The other computes what the stack and its functions cost.
  ["infrastructure/picture/", "infrastructure/cost/"],
];

/** The layer of a path, and the folder in it. */
function layerOf(path: string): { readonly layer: number; readonly name: string } | undefined {
  const folders = LAYERS.flatMap((names, layer) => names.map((name) => ({ layer, name })));
  return folders
    .filter(({ name }) => path.startsWith(name))
    .sort((one, other) => other.name.length - one.name.length)[0];
}

/** The imports from a higher layer, or from another folder of the same layer. Imports of types count, too. */
function forbiddenImports(sources: readonly Pick<Source, "path" | "ownImports">[]): string[] {
  return sources.flatMap(({ path, ownImports }) => {
    const from = layerOf(path);
    if (!from) return [`${path} is in no layer`];
    const wrong = ownImports.filter((each) => {
      const to = layerOf(each);
      return !to || to.layer > from.layer || (to.layer === from.layer && to.name !== from.name);
    });
    return wrong.map((each) => `${path} imports ${each}`);
  });
}

test("a file imports from its own folder and from lower layers", () => {
  expect(forbiddenImports(SOURCES)).toEqual([]);
});

test("the check finds an import in each forbidden direction", () => {
  const places = LAYERS.flatMap((names, layer) => names.map((name) => ({ layer, path: `${name}planted.ts` })));
  for (const { layer, path } of places) {
    for (const other of places) {
      const isAllowed = other.layer < layer || other.path === path;
      expect(forbiddenImports([{ path, ownImports: [other.path] }])).toEqual(
        isAllowed ? [] : [`${path} imports ${other.path}`],
      );
    }
  }
  expect(forbiddenImports([{ path: "handlers/planted.ts", ownImports: [] }])).toEqual([
    "handlers/planted.ts is in no layer",
  ]);
});

/** Modules for the disk, the network and other processes. Only clients, commands and Lambda wiring may import them. */
const OUTSIDE =
  /^(node:(fs|fs\/promises|http|https|http2|net|tls|dgram|dns|child_process)|@duckdb\/.*|mem0ai|@aws-sdk\/.*)$/;

test("only .client.ts, .cli.ts and .lambda.ts files use the disk and the network", () => {
  const strays = SOURCES.filter(({ path }) => !/\.(client|cli|lambda)\.ts$/.test(path)).flatMap(
    ({ path, text, imports }) => [
      ...imports.filter((each) => OUTSIDE.test(each)).map((each) => `${path} imports ${each}`),
      ...(/\bfetch\(/.test(text) ? [`${path} calls fetch`] : []),
      ...(/\bprocess\.env\b/.test(text) ? [`${path} reads the environment`] : []),
    ],
  );
  expect(strays).toEqual([]);
});

test("a command uses its process only through its terminal", () => {
  const ofProcess = /\bconsole\.|\bprocess\.(stdin|stdout|stderr|exit|exitCode|argv|env|on|once)\b/;
  const strays = SOURCES.filter(
    ({ path, text }) =>
      path.startsWith("infrastructure/commands/") && !path.endsWith(".cli.ts") && ofProcess.test(text),
  );
  expect(strays.map(({ path }) => path)).toEqual([]);
});

test("no file imports a .cli.ts or .lambda.ts file", () => {
  const strays = SOURCES.flatMap(({ path, imports }) =>
    imports.filter((each) => /\.(cli|lambda)\.ts$/.test(each)).map((each) => `${path} imports ${each}`),
  );
  expect(strays).toEqual([]);
});

test("every exported function and class has a docstring", () => {
  const undocumented = SOURCES.flatMap(({ path, text }) =>
    [...text.matchAll(/^(.*)\n(?:@.*\n)?export (?:async )?(?:function\*?|class) (\w+)/gm)]
      .filter(([, above = ""]) => !above.trimEnd().endsWith("*/"))
      .map(([, , name]) => `${path}: ${name}`),
  );
  expect(undocumented).toEqual([]);
});

function sourcesIn(folder: string): Source[] {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".ts"))
    .map((file) => {
      const path = join(folder, file);
      const text = readFileSync(join(ROOT, path), "utf8");
      const ownImports = importsOf(path, text, OWN_IMPORT);
      return { path: path.replaceAll("\\", "/"), text, imports: importsOf(path, text, RUNTIME_IMPORT), ownImports };
    });
}

function importsOf(path: string, text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, declared, dynamic]) => {
    const name = declared ?? dynamic ?? "";
    if (!name.startsWith(".")) return name;
    return relative(ROOT, join(ROOT, dirname(path), name)).replaceAll("\\", "/");
  });
}
