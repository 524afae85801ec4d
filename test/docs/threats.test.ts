import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const TESTS = join(import.meta.dirname, "..");
const book = readFileSync(join(TESTS, "../docs/threats.md"), "utf8");

/** The tests in the tables: the file, from `test/`, and the title of the test. */
const named = [...book.matchAll(/`([\w./-]+\.ts)`: (.+?) +\|$/gm)].map(([, file = "", testName = ""]) => ({
  file,
  testName,
}));

test("every threat names an existing test", () => {
  const rows = book.split("\n").filter((line) => /^\| (?!-|threat |who )/.test(line) && line.split("|").length === 5);
  expect(named.length).toBeGreaterThan(20);
  const untested = rows.filter((row) => !/`[\w./-]+\.ts`: /.test(row) && !isAboutPeople(row));
  expect(untested).toEqual([]);
  const missing = named.filter(({ file, testName }) => !readFileSync(join(TESTS, file), "utf8").includes(testName));
  expect(missing).toEqual([]);
});

/** Whether a row is in "Who may do what". The tests of these rows are in the tables below it. */
function isAboutPeople(row: string): boolean {
  const [people = ""] = book.split("## From outside");
  return people.includes(row);
}
