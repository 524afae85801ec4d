import { randomBytes } from "node:crypto";
import { PassThrough, Writable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { messageOf } from "../../../handlers/clients/observability/log.ts";
import { answersFrom } from "../../../handlers/read/mcp/answers.ts";
import { shortText } from "../../../handlers/read/mcp/fit.ts";
import { instructions } from "../../../handlers/read/mcp/instructions.ts";
import { numberMask } from "../../../handlers/read/mcp/number-mask.ts";
import { existingArchive } from "../toolkit/archive-folder.client.ts";
import { openReadDeps } from "../toolkit/deployment/open-read-deps.ts";
import type { Terminal } from "../toolkit/terminal.ts";
import { logTo } from "../toolkit/work-log.ts";
import type { McpRequest } from "./mcp.command.ts";
import { mcpServer } from "./mcp-server.ts";

/** The longest message of a client. A request needs much less. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Answers a client of the Model Context Protocol until standard input ends, or the command is stopped. */
export async function runMcp({ stack, showNumbers }: McpRequest, terminal: Terminal): Promise<void> {
  const { printNote, stdin } = terminal;
  const now = () => new Date();
  const { name, deps, close } = await openReadDeps(stack, existingArchive(terminal.env, stack), now);
  const mask = numberMask(randomBytes(32), showNumbers);
  const log = logTo(printNote);
  const answers = answersFrom({ ...deps, mask }, log);
  const { server } = mcpServer(answers, mask, now, instructions(name, mask.isOn));
  server.onerror = (error) => log({ event: "message refused", reason: shortText(mask.text(messageOf(error)), 500) });

  const stop = terminal.stopSignal();
  const input = new PassThrough();
  const ended = new Promise<void>((resolve) => {
    stop.addEventListener("abort", () => resolve());
    input.once("end", resolve);
    // The transport closes itself after a message that is too long.
    server.onclose = resolve;
  });
  await server.connect(new StdioServerTransport(input, printing(terminal), { maxBufferSize: MOST_BYTES }));
  stdin.pipe(input);
  printNote(`Answers questions about ${name} over standard input and output.`);
  if (!stop.aborted) await ended;
  // The last requests before the end of the input begin, then their answers are written.
  await setImmediate();
  if (!stop.aborted) await answers.idle();
  await setImmediate();
  stdin.unpipe(input);
  stdin.pause();
  await server.close();
  close();
}

/** A stream that writes to standard output. */
function printing({ print }: Terminal): Writable {
  return new Writable({
    decodeStrings: false,
    write(message: string, _encoding, done) {
      print(message);
      done();
    },
  });
}
