import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { COMMANDS } from "../../infrastructure/commands/all-commands.ts";
import { readSavedQueries } from "../../queries/engine/saved-queries.client.ts";
import { TABLES } from "../../queries/tables/all.ts";

const ROOT = join(import.meta.dirname, "../..");
const DOCS = pagesIn("docs");
const DECISIONS = pagesIn("docs/decisions");

/** The pages whose links are checked. */
const PAGES = [
  "README.md",
  "SECURITY.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "CODE_OF_CONDUCT.md",
  ...DOCS,
  ...DECISIONS,
];

test("the index links each page, and the index of decisions each decision", () => {
  expect(targetsOf("docs/README.md")).toEqual(expect.arrayContaining(DOCS.filter((page) => page !== "docs/README.md")));
  const others = DECISIONS.filter((page) => page !== "docs/decisions/README.md");
  expect(targetsOf("docs/decisions/README.md")).toEqual(expect.arrayContaining(others));
});

test("each page begins with its readers, and what they can do after reading it", () => {
  const openings = [...DOCS, "docs/decisions/README.md"].map((page) => ({
    page,
    opening: text(page).split("\n\n")[1]?.replaceAll("\n", " ") ?? "",
  }));
  expect(openings.filter(({ opening }) => !/^For .*\. After reading it you (can|know) /.test(opening))).toEqual([]);
});

test("every link leads to an existing file and heading", () => {
  const broken = PAGES.flatMap((page) =>
    linksOf(page).filter((link) => {
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? page : join(dirname(page), path);
      if (!existsSync(join(ROOT, target))) return true;
      return anchor !== undefined && !anchorsOf(target).includes(anchor);
    }),
  );
  expect(broken).toEqual([]);
});

test("the README has the numbers of the code", async () => {
  const readme = text("README.md");
  expect(readme).toContain(
    `There are ${spelled(TABLES.length)} tables and ${(await readSavedQueries()).length} saved queries.`,
  );
});

test("the reference has every prop of a stage", () => {
  const props = [...text("infrastructure/aws/stage.ts").matchAll(/^ {2}readonly (\w+)\?:/gm)].map(([, name]) => name);
  expect(props.length).toBeGreaterThan(20);
  const listed = [...text("docs/reference.md").matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
  expect(props.filter((name) => !listed.includes(name))).toEqual([]);
});

test("the reference has every command and every setting", () => {
  const reference = text("docs/reference.md");
  const settings = [...text("infrastructure/local/settings.ts").matchAll(/"([A-Z][A-Z0-9_]+)"/g)].map(
    ([, name]) => name,
  );
  expect(settings.length).toBeGreaterThan(8);
  expect(settings.filter((name) => !reference.includes(`\`${name}\``))).toEqual([]);
  const missing = COMMANDS.filter(({ name }) => !new RegExp(`^\\| \`npm (run (-s )?)?${name}\\b`, "m").test(reference));
  expect(missing.map(({ name }) => name)).toEqual([]);
});

function spelled(count: number): string {
  return ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"][count] ?? String(count);
}

function pagesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder)).flatMap((file) => (file.endsWith(".md") ? [`${folder}/${file}`] : []));
}

function text(page: string): string {
  return readFileSync(join(ROOT, page), "utf8");
}

/** Links and pictures that lead to a file of the project. */
function linksOf(page: string): string[] {
  const links = [...text(page).matchAll(/\]\(([^)\s]+)\)|src="([^"]+)"/g)].map(
    ([, link, source]) => link ?? source ?? "",
  );
  return links.filter((link) => !/^https?:/.test(link));
}

/** The paths of the files that a page links to, from the project's root. */
function targetsOf(page: string): string[] {
  return linksOf(page).map((link) => join(dirname(page), link.replace(/#.*/, "")).replaceAll("\\", "/"));
}

/** The anchors of headings, as GitHub makes them. */
function anchorsOf(page: string): string[] {
  return [...text(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
