import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { promisify } from "node:util";
import { COMMANDS } from "../commands/all-commands.ts";
import { DEMO_FOLDER } from "../commands/demo/demo-folder.ts";
import { runCommandLine } from "../commands/toolkit/run-command.ts";
import { terminalIn } from "../commands/toolkit/terminal.ts";
import { conversationIn, demoExcerpt, transcriptExcerpt } from "./demo-excerpt.ts";
import { terminalPicture } from "./terminal-picture.ts";

/** Where the README's picture is. */
export const PICTURE = join(import.meta.dirname, "../../docs/demo.svg");

/** Narrow, so that the text is large enough on a phone. */
const COLUMNS = 60;

const ENTRY = join(import.meta.dirname, "../commands/call-archive.cli.ts");

/**
 * Runs the demo in a temporary folder and draws it; see `pictureOf`.
 *
 * @throws if a command fails.
 */
export async function demoPicture(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "picture-"));
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [ENTRY, "demo"], { cwd: folder });
    return await pictureOf(stdout, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Draws an excerpt of the demo's output as SVG, with a transcript from the archive that the demo left in `folder`.
 *
 * Pictures of two runs differ only in dates and the port.
 *
 * @throws if the query fails.
 */
export async function pictureOf(output: string, folder: string): Promise<string> {
  const conversation = conversationIn(output);
  const transcript = await printed(["query", "transcript", conversation], join(folder, DEMO_FOLDER));
  const lines = [
    ...demoExcerpt(output, COLUMNS),
    { look: "plain" as const, text: "" },
    ...transcriptExcerpt(conversation, transcript, COLUMNS),
  ];
  return terminalPicture(lines, COLUMNS, "npm run demo: signed webhooks in, files, a memory and a transcript out");
}

/** Runs a command on a terminal with `COLUMNS` columns and returns its output. */
async function printed(args: readonly string[], folder: string): Promise<string> {
  let text = "";
  const stdout = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  const terminal = terminalIn({
    env: { ARCHIVE_DIR: folder },
    stdin: Readable.from([]),
    stdout: Object.assign(stdout, { columns: COLUMNS }),
    stderr: new Writable({ write: (_chunk, _encoding, done) => done() }),
    stopSignal: () => new AbortController().signal,
  });
  const status = await runCommandLine(COMMANDS, args, terminal);
  if (status !== 0) throw new Error(`${args.join(" ")} ended with status ${status}`);
  return text;
}
