import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const page = readFileSync(join(ROOT, "CONTRIBUTING.md"), "utf8");

/** A path from the root: a file with an extension, or a folder with a slash at its end. NAME is a placeholder. */
const PATH = /(?<![\w/.-])((?:[\w.-]+\/)+(?:[\w-]+\.[\w.-]+)?|[\w.-]+\.(?:md|json|ts|yml))(?![\w/])/g;

const quoted = [...page.matchAll(/`([^`\n]+)`|\]\(([^)]+)\)/g)].map(([, code, link]) => code ?? link ?? "");
const paths = [...new Set(quoted.flatMap((text) => [...text.matchAll(PATH)].map(([path]) => path)))];

test("every path in the page exists", () => {
  const filledIn = paths.filter((path) => !path.includes("NAME") && path !== "_other/");
  expect(filledIn.length).toBeGreaterThan(40);
  // The page names files of a case without their folder.
  const isThere = (path: string) =>
    [path, join("test/queries/cases/languages", path)].some((each) => existsSync(join(ROOT, each)));
  expect(filledIn.filter((path) => !isThere(path))).toEqual([]);
});

test("every npm script in the page exists", () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const named = [...page.matchAll(/npm (?:run )?((?:test|demo|check|build|reprocess|redrive|start)(?::\w+)?)/g)].map(
    ([, name = ""]) => name,
  );
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
});
