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
}

const SOURCES = ["infrastructure", "handlers", "queries"].flatMap(sourcesIn);

/** Who may import whom: the folder of a file, and the folders of ours that it may import from. */
const MAY_IMPORT: readonly (readonly [from: string, to: readonly string[]])[] = [
  ["infrastructure/", ["infrastructure/", "handlers/", "queries/"]],
  ["handlers/", ["handlers/", "queries/tables/"]],
  ["queries/tables/", ["queries/tables/"]],
  ["queries/", ["queries/"]],
];

test("infrastructure imports handlers, handlers import the tables, and nobody looks back", () => {
  const strays = SOURCES.flatMap(({ path, imports }) => {
    const [, allowed = []] = MAY_IMPORT.find(([from]) => path.startsWith(from)) ?? [];
    const ours = imports.filter((each) => !isPackage(each));
    return ours.filter((each) => !allowed.some((to) => each.startsWith(to))).map((each) => `${path} imports ${each}`);
  });
  expect(strays).toEqual([]);
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
      return { path: path.replaceAll("\\", "/"), text, imports: importsOf(path, text) };
    });
}

function importsOf(path: string, text: string): string[] {
  const imports = text.matchAll(/^import (?!type )(?:[^;]*? from )?"([^"]+)"|\bimport\("([^"]+)"\)/gm);
  return [...imports].map(([, still, late]) => {
    const name = still ?? late ?? "";
    if (!name.startsWith(".")) return name;
    return relative(ROOT, join(ROOT, dirname(path), name)).replaceAll("\\", "/");
  });
}

function isPackage(name: string): boolean {
  return name.startsWith("node:") || !name.endsWith(".ts");
}
