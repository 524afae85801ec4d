import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EXCEPTIONS, KEPT_NAMES, RETIRED } from "./retired-words.ts";

const ROOT = join(import.meta.dirname, "..");

/** What a person reads: code, messages, queries and pages. */
const FILES = [
  "*.{md,ts}",
  ".ci/*",
  ".github/**/*.{md,yml}",
  "{docs,handlers,infrastructure,queries,test}/**/*.{ts,cjs,md,sql}",
];

/** Lower-case text in which `camelCase` and `snake_case` names are separate words. Lines keep their numbers. */
function inWords(text: string): string {
  const withoutKept = KEPT_NAMES.reduce((left, { name }) => left.replaceAll(name, ""), text);
  return withoutKept
    .replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, " ")
    .replaceAll("_", " ")
    .toLowerCase();
}

/** Each retired word in `text`, as `path:line: word (instead: …)`. */
function retiredIn(path: string, text: string): string[] {
  return inWords(text)
    .split("\n")
    .flatMap((line, index) =>
      RETIRED.flatMap(({ word, instead }) => {
        const found = word.exec(line)?.[0];
        return found === undefined ? [] : [`${path}:${index + 1}: ${found} (instead: ${instead})`];
      }),
    );
}

test("no retired word is in code, messages or docs", async () => {
  const found: string[] = [];
  for await (const path of glob(FILES, { cwd: ROOT })) {
    const name = path.replaceAll("\\", "/");
    if (EXCEPTIONS.some((except) => except.path.test(name))) continue;
    found.push(...retiredIn(name, await readFile(join(ROOT, path), "utf8")));
  }
  expect(found.sort()).toEqual([]);
});

test.each([
  ["a name", "export function renewObjects() {}", "renew"],
  ["a message", '"3 objects were given up on"', "given up"],
  ["a docstring", "/** Says so, and hears of it. */", "says"],
  ["a column", "so_many", "so many"],
])("a retired word is found in %s", (_, text, word) => {
  expect(retiredIn("handlers/some.ts", text)[0]).toContain(`handlers/some.ts:1: ${word}`);
});

test("each exception is needed", async () => {
  const paths = await Array.fromAsync(glob(FILES, { cwd: ROOT }));
  const texts = await Promise.all(paths.map((path) => readFile(join(ROOT, path), "utf8")));
  for (const { name } of KEPT_NAMES)
    expect(
      texts.some((text) => text.includes(name)),
      name,
    ).toBe(true);
  for (const { path } of EXCEPTIONS) {
    const excepted = paths.filter((each) => path.test(each.replaceAll("\\", "/")));
    expect(
      excepted.flatMap((each) => retiredIn(each, texts[paths.indexOf(each)] ?? "")),
      String(path),
    ).not.toEqual([]);
  }
});
