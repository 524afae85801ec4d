import { ARCHIVE_NAME } from "../shell/archive-name.ts";
import type { ActionBody, ActionName } from "./action-queries.ts";

/** Whether the page shows the archive in a folder. Another archive is a stack, whose name is shown. */
const IS_LOCAL = ARCHIVE_NAME === "Local archive";

/** A command for the archive that is shown: on a stack it names the stack. */
export function commandText(command: string): string {
  if (IS_LOCAL) return command;
  return `${command}${command.includes(" -- ") ? "" : " --"} --stack ${shellWord(ARCHIVE_NAME)}`;
}

/** The command that does what an action does. */
export function commandOf<Name extends ActionName>(action: Name, body: ActionBody<Name>): string {
  const given = Object.entries(body as Record<string, unknown>).filter(([name]) => !["all", "dry_run"].includes(name));
  const options = given.flatMap(([name, value]) => optionWords(name, value));
  if (action === "redrive") options.push("--send", ...(given.some(([name]) => name === "keys") ? [] : ["--all"]));
  return `npm run ${action}${options.length > 0 ? ` -- ${options.join(" ")}` : ""}`;
}

function optionWords(name: string, value: unknown): readonly string[] {
  if (value === undefined || value === false) return [];
  if (name === "keys" && Array.isArray(value)) return value.map((key) => shellWord(String(key)));
  if (value === true) return [`--${name}`];
  return [`--${name} ${shellWord(String(value))}`];
}

/** A word that a shell does not change. */
function shellWord(word: string): string {
  return /^[\w./:@+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
