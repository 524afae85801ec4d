import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../infrastructure/commands/all-commands.ts";
import { parameterValues } from "../../queries/engine/parameter-values.ts";
import { readSavedQueries } from "../../queries/engine/saved-queries.client.ts";
import { runCommand } from "../support/fixtures/command.ts";
import { newFolder } from "../support/fixtures/local.ts";
import { blockCommands, inlineCommands, type ShellCommand } from "../support/fixtures/shell-commands.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Every page with commands for readers. */
const PAGES = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...readdirSync(join(ROOT, "docs")).flatMap((file) => (file.endsWith(".md") ? [`docs/${file}`] : [])),
].filter((page) => existsSync(join(ROOT, page)));

const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const queries = await readSavedQueries();

/** Commands that use AWS or ElevenLabs. */
const ELSEWHERE = /^(aws |npx cdk (?!synth)|npm run (deploy|backfill)\b)| --(stack|athena)\b/;

/** Programs of the system in blocks that need an account. */
const SYSTEM = new Set(["aws", "jq", "while", "do", "done", "echo"]);

/** Commands of npm itself. */
const NPM = new Set(["ci", "test", "start", "audit"]);

/** Commands that only read, without arguments. */
const CHEAP = new Set(["query", "redrive", "verify"]);

describe.each(PAGES)("%s", (page) => {
  const text = readFileSync(join(ROOT, page), "utf8");
  const blocks = blockCommands(text);
  const all = [...blocks, ...inlineCommands(text)];

  test("has only existing commands, options, queries and files", () => {
    expect(all.map(problemOf).filter((problem) => problem !== undefined)).toEqual([]);
  });

  test("labels each block that needs an account with `sh account`", () => {
    const unmarked = blocks.filter(({ needsAccount }) => !needsAccount);
    const lines = unmarked.filter(({ words, variables }) => ELSEWHERE.test(words.join(" ")) || hasKey(variables));
    expect(lines.map(({ words }) => words.join(" "))).toEqual([]);
  });

  test("has commands that run on an empty archive", async () => {
    const folder = await newFolder();
    for (const { words, needsAccount } of blocks) {
      const [name = "", args = []] = ours(words) ?? [];
      if (needsAccount || !CHEAP.has(name) || (name !== "query" && args.length > 0)) continue;
      // The cases of a query run it. Here it only prints its help, which does not need the database.
      const quick = name === "query" && args.length > 0 ? [args[0] ?? "", "--help"] : args;
      expect(await runCommand(name, folder, quick), words.join(" ")).toMatchObject({ code: 0 });
    }
  });
});

test("finds mistakes in a page", () => {
  const page =
    "```sh\nnpm run qurey\nnpm run query -- nothing\nnpx call-archive verify --fx # so\n" +
    "npm run query -- calls-per-day yesterday2\nnpx vitest run test/nowhere\nfrobnicate && npm ci\n```\n`npm run nothing`";
  expect([...blockCommands(page), ...inlineCommands(page)].map(problemOf)).toEqual([
    "npm run qurey: no such script",
    "npm run query -- nothing: no such question",
    expect.stringMatching(/^npx call-archive verify --fx: Unknown option '--fx'/),
    expect.stringMatching(/^npm run query -- calls-per-day yesterday2: /),
    "npx vitest run test/nowhere: no file test/nowhere",
    "frobnicate: no such program",
    undefined,
    "npm run nothing: no such script",
  ]);
});

/** Returns the mistake in a command, in one line; `undefined` if there is none. */
function problemOf({ words, needsAccount, isInline }: ShellCommand): string | undefined {
  const line = words.join(" ");
  const [program = "", ...rest] = words;
  const command = ours(words);
  if (command) {
    // In prose, a command without options is its name.
    const wrong = isInline && command[1].length === 0 ? undefined : mistakeIn(...command);
    return wrong && `${line}: ${wrong}`;
  }
  if (program === "npm") {
    const [verb = "", script = ""] = rest;
    if (verb !== "run") return NPM.has(verb) ? undefined : `${line}: npm has no ${verb} here`;
    if (!(script in scripts)) return `${line}: no such script`;
  } else if (!["npx", "node", "time", ...(needsAccount ? SYSTEM : [])].includes(program)) {
    return `${line}: no such program`;
  }
  const missing = rest.find((word) => /^(test|docs|infrastructure)\//.test(word) && !isThere(word));
  return missing && `${line}: no file ${missing}`;
}

/** Returns our command in `words` and its arguments; `undefined` for another program. */
function ours(words: readonly string[]): [name: string, args: readonly string[]] | undefined {
  const plain = words.filter((word) => word !== "-s" && word !== "time");
  const [program, verb, name = ""] = plain;
  const isNpm = program === "npm" && verb === "run";
  if (program === "npm" && verb === "start") return ["start", plain.slice(3)];
  if (!isNpm && !(program === "npx" && verb === "call-archive")) return undefined;
  if (!COMMANDS.some((command) => command.name === name)) return undefined;
  return [name, plain.slice(isNpm && plain[3] === "--" ? 4 : 3)];
}

function mistakeIn(name: string, args: readonly string[]): string | undefined {
  if (args.includes("--help")) return undefined;
  try {
    const request: unknown = COMMANDS.find((command) => command.name === name)?.requestFrom(args);
    return name === "query" ? mistakeInQuestion(request) : undefined;
  } catch (error) {
    return String(error instanceof Error ? error.message : error);
  }
}

function mistakeInQuestion(request: unknown): string | undefined {
  const { name, values } = request as { name?: string; values: readonly string[] };
  if (name === undefined) return undefined;
  const query = queries.find((each) => each.name === name);
  if (!query) return "no such question";
  parameterValues(query, values, new Date());
  return undefined;
}

function hasKey(variables: Readonly<Record<string, string>>): boolean {
  return "ELEVENLABS_API_KEY" in variables || "ELEVENLABS_WEBHOOK_SECRET" in variables || "MEM0_API_KEY" in variables;
}

/** Whether a file exists. Vitest also accepts the beginning of a path. */
function isThere(path: string): boolean {
  const folder = join(ROOT, path, "..");
  const name = path.split("/").at(-1) ?? "";
  return existsSync(folder) && readdirSync(folder).some((file) => file.startsWith(name));
}
