import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const page = readFileSync(join(ROOT, "CHANGELOG.md"), "utf8");
const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

/** The kinds of sections (keepachangelog.com/en/1.1.0), and renames, which users of logs and tables look for. */
const KINDS = ["Added", "Changed", "Deprecated", "Removed", "Renamed", "Fixed", "Security"];

test("the changelog has unreleased changes first, then the package's version and older ones, with dates", () => {
  const versions = [...page.matchAll(/^## (.+)$/gm)].map(([, heading = ""]) => heading);
  expect(versions[0]).toBe("[Unreleased]");
  expect(versions[1]).toMatch(new RegExp(`^\\[${RegExp.escape(version)}\\] - \\d{4}-\\d\\d-\\d\\d$`));
  expect(versions.slice(2).filter((each) => !/^\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d$/.test(each))).toEqual([]);
  for (const [, name] of versions.join("\n").matchAll(/^\[(.+?)\]/gm))
    expect(page).toMatch(new RegExp(`^\\[${name}\\]: https://`, "m"));
});

test("every section of the changelog has a known kind", () => {
  const kinds = [...page.matchAll(/^### (.+)$/gm)].map(([, heading = ""]) => heading);
  expect(kinds.filter((kind) => !KINDS.includes(kind))).toEqual([]);
});
