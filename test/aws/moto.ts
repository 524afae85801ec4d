import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lineWith } from "../support/fixtures/line-with.ts";

/** A running `moto_server`, which simulates AWS. */
export interface Moto {
  readonly url: string;
  /** Stops it, and waits until it has exited. */
  stop(): Promise<void>;
}

/** The message that moto is missing, and how to install it. */
export const MOTO_MISSING = "moto_server is not installed: pip install 'moto[server]'";

/** Starts moto on a free port of the loopback. Returns `undefined` if it is not installed. */
export async function startMoto(): Promise<Moto | undefined> {
  if (spawnSync("moto_server", ["--help"]).error) return undefined;
  // By default moto records requests in its working directory.
  const folder = await mkdtemp(join(tmpdir(), "moto-"));
  const server = spawn("moto_server", ["-H", "127.0.0.1", "-p", "0"], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, MOTO_RECORDER_FILEPATH: join(folder, "requests.jsonl") },
  });
  const ended = new Promise<void>((done) => server.once("exit", () => done()));
  const url = await lineWith(/http:\/\/127\.0\.0\.1:\d+/, server.stderr, "moto_server");
  return {
    url,
    async stop() {
      server.kill();
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}
