import { spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Where moto listens; absent where it is not installed. */
    moto: string | undefined;
  }
}

/** Starts `moto_server`, which stands for AWS, on a free port of the loopback, and ends it after the last test. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  if (spawnSync("moto_server", ["--help"]).error) {
    process.stderr.write(
      "\n  SKIPPED: the AWS conformance suite. moto_server is not installed: pip install 'moto[server]'\n\n",
    );
    provide("moto", undefined);
    return async () => {};
  }
  const server = spawn("moto_server", ["-H", "127.0.0.1", "-p", "0"], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise<void>((done) => server.once("exit", () => done()));
  provide("moto", await addressOf(server.stderr));
  server.stderr.resume();
  return async () => {
    server.kill();
    await ended;
  };
}

async function addressOf(output: Readable): Promise<string> {
  for await (const line of createInterface(output)) {
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error("moto_server ended before it listened");
}
