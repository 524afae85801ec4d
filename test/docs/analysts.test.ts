import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readSavedQueries } from "../../queries/engine/saved-queries.client.ts";
import { TOPICS } from "../../queries/engine/saved-queries.ts";
import { TABLES } from "../../queries/tables/all.ts";
import { type Column, PARTITION, type Table } from "../../queries/tables/table.ts";

const PAGE = join(import.meta.dirname, "../../docs/analysts.md");

const queries = await readSavedQueries();

/** The sections of the page between `<!-- NAME -->` and `<!-- end of NAME -->`, made from the code. */
const SECTIONS: Readonly<Record<string, string>> = {
  tables: TABLES.map(tableSection).join("\n"),
  questions: TOPICS.map(topicSection).join("\n"),
};

test("the page has the code's tables and questions: `npx vitest run test/docs -u` writes them", async () => {
  let page = await readFile(PAGE, "utf8");
  for (const [name, made] of Object.entries(SECTIONS)) {
    const section = new RegExp(`(?<=<!-- ${name} -->\n).*?(?=<!-- end of ${name} -->)`, "s");
    expect(page).toMatch(section);
    page = page.replace(section, () => `\n${made}\n`);
  }
  await expect(page).toMatchFileSnapshot(PAGE);
});

test("the page has each section once", async () => {
  const headings = [...(await readFile(PAGE, "utf8")).matchAll(/^##+ .*$/gm)].map(([heading]) => heading);
  expect(headings.filter((heading, n) => headings.indexOf(heading) !== n)).toEqual([]);
});

test("every query command in the page names an existing query", async () => {
  const named = [...(await readFile(PAGE, "utf8")).matchAll(/npm run query -- ([a-z-]+)/g)].map(([, name]) => name);
  expect(named.length).toBeGreaterThanOrEqual(10);
  expect(queries.map(({ name }) => name)).toEqual(expect.arrayContaining(named));
});

function tableSection({ name, grain, columns }: Table): string {
  const all: [string, Column][] = [...Object.entries(columns), [PARTITION.name, PARTITION]];
  const rows = all.map(([column, { type, comment }]) => [column, type, comment]);
  return `### ${name}\n\n${sentence(grain)}\n\n${markdownTable(["column", "type", "what it is"], rows)}`;
}

function topicSection(topic: (typeof TOPICS)[number]): string {
  const rows = queries
    .filter((query) => query.topic === topic)
    .map(({ name, question, parameters }) => {
      const more = parameters.slice(2).map(({ name: word }) => `\`${word}\``);
      return [`\`${name}\``, question, more.join(", ")];
    });
  return `**${topic}**\n\n${markdownTable(["name", "question", "values besides the days"], rows)}`;
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

/** A table with aligned columns. */
function markdownTable(names: string[], rows: string[][]): string {
  const widths = names.map((_, column) => Math.max(...[names, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: string[], filler = " ") =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, filler)).join(" | ")} |\n`;
  return [line(names), line(["", "", ""], "-"), ...rows.map((row) => line(row))].join("");
}
