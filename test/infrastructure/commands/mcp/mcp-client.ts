import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { onTestFinished } from "vitest";
import { at, list } from "../../../../handlers/call/json.ts";
import { startArchive } from "../../../../infrastructure/local/running-archive.ts";
import { settingsFrom } from "../../../../infrastructure/local/settings.ts";
import { ENTRY } from "../../../support/fixtures/command.ts";
import { post, SECRET } from "../../../support/fixtures/local.ts";

/** The answer of a tool. */
export interface ToolAnswer {
  readonly isError: boolean;
  readonly text: string;
  /** The structured content. */
  readonly json: unknown;
  readonly data: unknown;
}

/** Processes the deliveries in `folder`, with an archive that is closed after that. */
export async function processed(folder: string, bodies: readonly (Buffer | string)[]): Promise<void> {
  const settings = settingsFrom({ ARCHIVE_DIR: folder, PORT: "0", ELEVENLABS_WEBHOOK_SECRET: SECRET });
  const archive = await startArchive(
    settings,
    () => {},
    () => new Date(),
  );
  for (const body of bodies) await post(archive.url, body);
  await archive.queue.idle();
  await archive.close();
}

/** A client as `connected` returns it, which is closed after the test. */
export async function aClient(...settings: Parameters<typeof connected>) {
  const started = await connected(...settings);
  onTestFinished(() => started.client.close());
  return started;
}

/** A client of the SDK that started `call-archive mcp` on `folder`. */
export async function connected(
  folder: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [ENTRY, "mcp", ...args],
    env: { ARCHIVE_DIR: folder, ELEVENLABS_WEBHOOK_SECRET: SECRET, ...env },
    stderr: "pipe",
  });
  let errors = "";
  transport.stderr?.on("data", (chunk) => {
    errors += chunk;
  });
  const client = new Client({ name: "test", version: "1" });
  await client.connect(transport);
  return {
    client,
    /** What the server wrote to standard error. */
    errors: () => errors,
    async call(name: string, given: Readonly<Record<string, unknown>> = {}): Promise<ToolAnswer> {
      const { isError, content, structuredContent } = await client.callTool({ name, arguments: { ...given } });
      const data = at(structuredContent, "data");
      return { isError: isError === true, text: String(at(list(content)[0], "text")), json: structuredContent, data };
    },
  };
}
