import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { questionsTable } from "./questions-table.ts";
import { type GroupResults, type Results, readResults } from "./results.ts";
import { scaleText } from "./scale.ts";
import { markdownTable } from "./table.ts";
import { targetsText } from "./targets.ts";

/** The page with the results. */
export const PAGE = join(import.meta.dirname, "../../docs/performance.md");

/** A part that is generated: from its opening comment to its closing one. */
const GENERATED = /(<!-- bench: ([\w-]+) -->\n)[\s\S]*?(<!-- end -->)/g;

/** A load above this distorts wall times on two CPUs. */
const BUSY = 1;

/** Returns the text of the page with the present results in its generated parts. */
export function pageWith(text: string, results: Results): string {
  return text.replaceAll(GENERATED, (_, opening: string, name: string, closing: string) => {
    return `${opening}\n${generated(name, results)}\n\n${closing}`;
  });
}

/** The names of the generated parts in the text of the page. */
export function generatedParts(text: string): string[] {
  return [...text.matchAll(GENERATED)].map(([, , name = ""]) => name);
}

/** Writes the present results into the page. */
export async function updatePage(): Promise<void> {
  await writeFile(PAGE, pageWith(await readFile(PAGE, "utf8"), await readResults()));
}

function generated(name: string, results: Results): string {
  if (name === "targets") return targetsText(results);
  if (name === "scale") return scaleText(results);
  const group = results[name];
  if (!group) return "Not measured yet.";
  const table = name === "questions" ? questionsTable(group.rows) : markdownTable(group.rows);
  return `${table}\n\n${about(group)}`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What the columns of a group are, and when and on what it was measured. */
function about({ rows, measured_at, commit, node, platform, cpus, memory_gb, load_average }: GroupResults): string {
  const meanings = (["ours", "alternative", "floor"] as const).flatMap((column) => {
    const all = new Set(rows.flatMap((row) => row[column]?.of ?? []));
    return all.size > 0 ? [`${capitalized(column)}: ${[...all].join("; or ")}.`] : [];
  });
  const notes = rows.flatMap(({ name, note }) => (note ? [`${name}: ${note}`] : []));
  const busy = load_average > BUSY ? `, **with a load of ${load_average}: measure again on an idle machine**` : "";
  const machine = `${cpus}, ${memory_gb} GB, ${platform}, Node ${node}`;
  return [
    ...meanings,
    ...[...new Set(notes)].map((note) => `${note}.`),
    `Measured on ${measured_at.slice(0, 10)} at ${commit} (${machine})${busy}.`,
  ].join(" ");
}
