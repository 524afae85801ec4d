import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const TESTS = join(import.meta.dirname, "..");
const book = readFileSync(join(TESTS, "../docs/threats.md"), "utf8");

/** What the tables name: the file of a test, from `test/`, and what the test says. */
const named = [...book.matchAll(/`([\w./-]+\.ts)`: (.+?) +\|$/gm)].map(([, file = "", testName = ""]) => ({
  file,
  testName,
}));

test("every threat names a test that is there", () => {
  const rows = book.split("\n").filter((line) => /^\| (?!-|threat |who )/.test(line) && line.split("|").length === 5);
  expect(named.length).toBeGreaterThan(20);
  const untested = rows.filter((row) => !/`[\w./-]+\.ts`: /.test(row) && !isAboutPeople(row));
  expect(untested).toEqual([]);
  const missing = named.filter(({ file, testName }) => !readFileSync(join(TESTS, file), "utf8").includes(testName));
  expect(missing).toEqual([]);
});

/** The rows of "Who may do what", which are held by the tables below it. */
function isAboutPeople(row: string): boolean {
  const [people = ""] = book.split("## From outside");
  return people.includes(row);
}
