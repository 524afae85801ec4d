import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lineWith } from "../support/fixtures/line-with.ts";
import type { TrinoDistribution } from "./maven.ts";
import type { Place } from "./trino-engine.ts";

/** A running Trino 398. It holds views only, which are lost when it stops. */
export interface OlderTrino {
  readonly url: string;
  /** Stops it, and waits until it has exited. */
  stop(): Promise<void>;
}

/** The catalog with the views. It is named like Athena's. */
const CATALOG: Place["catalog"] = "awsdatacatalog";

/** It runs each query once, so the second compiler would cost more time than it saves. */
const OPTIONS = ["-Xmx1g", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"];

/** Starts Trino 398 on a free port of the loopback. It also ends when this process ends. */
export async function startOlderTrino({ home, java }: TrinoDistribution): Promise<OlderTrino> {
  const data = await mkdtemp(join(tmpdir(), "older-trino-"));
  const main = [join(import.meta.dirname, "OlderTrino.java"), CATALOG];
  const server = spawn(java, ["-cp", join(home, "lib/*"), ...OPTIONS, `-Djava.io.tmpdir=${data}`, ...main], {
    stdio: ["pipe", "ignore", "pipe"],
  });
  const ended = new Promise<void>((done) => server.once("exit", () => done()));
  const url = await lineWith(/(?<=SERVER STARTED )http:\/\/127\.0\.0\.1:\d+/, server.stderr, "Trino 398");
  return {
    url,
    async stop() {
      server.stdin.end();
      await ended;
      await rm(data, { recursive: true });
    },
  };
}
