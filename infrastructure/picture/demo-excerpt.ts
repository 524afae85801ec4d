import { cutToWidth, wrappedToWidth } from "../commands/toolkit/text-width.ts";
import type { Line, Look } from "./terminal-picture.ts";

/** How many lines of each section are shown. */
const WEBHOOKS = 2;
const FILES = 2;
const TURNS = 7;

/** A section of the demo's output. */
interface Section {
  readonly title: string;
  /** The path or the command below the title; empty where there is none. */
  readonly source: string;
  readonly lines: readonly string[];
}

/**
 * An excerpt of the demo's output for a terminal with `columns` columns: the first webhooks, the first caller's
 * objects, and the first memory. Lines are unchanged, except that long ones are cut or wrapped. Omitted lines are
 * counted.
 *
 * Sections are found by their paths and commands, so a new wording in the demo does not break the picture.
 *
 * @throws if a section is missing.
 */
export function demoExcerpt(output: string, columns: number): Line[] {
  const sections = sectionsOf(output);
  const webhooks = sectionWith(sections, /^200 /m);
  const tree = sectionWith(sections, /^├── /m);
  const memory = sectionWith(sections, /memories\/\+\d+\.jsonl$/m);
  const end = sections.at(-1)?.title ?? "";
  const files = filesOf(tree, callerOf(output));
  const [when = "", known = "", ...rest] = memory.lines;
  const line = (look: Look) => (text: string) => ({ look, text: cutToWidth(text, columns) });
  const plain = line("plain");
  return [
    line("command")("$ npm run demo"),
    line("title")(webhooks.title),
    ...webhooks.lines.slice(0, WEBHOOKS).map(plain),
    line("omission")(`… ${webhooks.lines.length - WEBHOOKS} more lines`),
    plain(""),
    line("title")(tree.title),
    ...files.map(plain),
    line("omission")(`… ${tree.lines.length - files.length} more lines`),
    plain(""),
    line("title")(memory.title),
    plain(when),
    ...wrapped(known, columns).map(plain),
    line("omission")(`… ${rest.length} more lines`),
    plain(""),
    line("title")(end),
  ];
}

/** The first lines of `output`, which `npm run query -- transcript` printed for a terminal with `columns` columns. */
export function transcriptExcerpt(conversation: string, output: string, columns: number): Line[] {
  const lines = output.trimEnd().split("\n");
  const shown = [
    { look: "command" as const, text: "$ ARCHIVE_DIR=.archive-demo npm run query -- \\" },
    { look: "command" as const, text: `    transcript ${conversation}` },
    ...lines.slice(0, TURNS).map((text) => ({ look: "plain" as const, text })),
    { look: "omission" as const, text: `… ${lines.length - TURNS} more lines` },
  ];
  return shown.map(({ look, text }) => ({ look, text: cutToWidth(text, columns) }));
}

/** The id of the first caller's first conversation. */
export function conversationIn(output: string): string {
  const id = new RegExp(`^${callerOf(output)}/\n.── (conv_\\w+)\\.json`, "m").exec(output)?.[1];
  if (id === undefined) throw new Error("the demo printed no conversation of its first caller");
  return id;
}

/** The caller whose memory the demo printed. */
function callerOf(output: string): string {
  const caller = /memories\/\+(\d+)\.jsonl$/m.exec(output)?.[1];
  if (caller === undefined) throw new Error("the demo printed no memory");
  return caller;
}

function filesOf({ lines }: Section, caller: string): readonly string[] {
  const start = lines.indexOf(`${caller}/`);
  return lines.slice(start, start + 1 + FILES);
}

/** Titles and contents alternate, with an empty line between them. A title may have a path or command below it. */
function sectionsOf(output: string): Section[] {
  const blocks = output.trim().split("\n\n");
  return blocks.flatMap((block, n) => {
    if (n % 2 === 1) return [];
    const [title = "", ...source] = block.split("\n");
    return [{ title, source: source.join("").trim(), lines: (blocks[n + 1] ?? "").split("\n") }];
  });
}

function sectionWith(sections: readonly Section[], pattern: RegExp): Section {
  const found = sections.find(({ source, lines }) => pattern.test([source, ...lines].join("\n")));
  if (!found) throw new Error(`the demo printed no section that matches ${pattern}`);
  return found;
}

function wrapped(line: string, columns: number): string[] {
  const indent = " ".repeat(line.length - line.trimStart().length);
  return wrappedToWidth(line.trim(), columns - indent.length).map((part) => indent + part);
}
