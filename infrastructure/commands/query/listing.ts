import { givenOrder } from "../../../queries/engine/parameter-values.ts";
import { type SavedQuery, TOPICS } from "../../../queries/engine/saved-queries.ts";
import { FORMATS } from "../toolkit/present.ts";

/** How the command is started. */
const COMMAND = "npm run query --";

/** Formats the list of saved queries by topic. */
export function queryList(queries: readonly SavedQuery[]): string {
  const width = Math.max(...queries.map(({ name }) => name.length));
  const topics = TOPICS.map((topic) => {
    const lines = queries
      .filter((query) => query.topic === topic)
      .map(({ name, question }) => `  ${name.padEnd(width)}  ${question}\n`);
    return `${topic}\n${lines.join("")}`;
  });
  return `${topics.join("\n")}\nRun one: ${COMMAND} NAME [VALUE…]. Help: ${COMMAND} --help, ${COMMAND} NAME --help\n`;
}

/** Returns the help on one saved query: its description and its usage. */
export function queryHelp(query: SavedQuery): string {
  const values = givenOrder(query.parameters).map((parameter) => {
    const word = parameter.name.toUpperCase();
    return parameter.default === undefined ? word : `[${word}]`;
  });
  const usage = [
    COMMAND,
    query.name,
    ...values,
    `[--format ${FORMATS.join("|")}]`,
    ...(query.chart ? ["[--chart]"] : []),
  ];
  return `${query.header}\n\nUsage: ${usage.join(" ")} [--athena]\n`;
}
