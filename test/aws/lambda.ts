import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";
import { bundles, type FunctionName } from "../../infrastructure/aws/bundle.client.ts";
import { AWS_ENV } from "./aws.ts";

const BUNDLES = await bundles();

export interface Lambda {
  /** Invokes the function and answers what it answers. */
  invoke(event: unknown): Promise<unknown>;
  /** Every line that it wrote. */
  readonly lines: readonly string[];
}

/** A bundled function in a process of its own with nothing but `env` around it, ended after the test. */
export async function aLambda(name: FunctionName, env: Record<string, string>, timeoutSeconds = 60): Promise<Lambda> {
  const runtime = join(import.meta.dirname, "lambda-runtime.ts");
  const bundle = join(BUNDLES[name].folder, "index.mjs");
  const child = fork(runtime, [bundle, String(timeoutSeconds)], {
    env: { ...AWS_ENV, POWERTOOLS_METRICS_NAMESPACE: "CallArchive", POWERTOOLS_SERVICE_NAME: name, ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const ended = once(child, "exit");
  onTestFinished(async () => {
    child.kill();
    await ended;
  });
  const lines: string[] = [];
  for (const output of [child.stdout, child.stderr]) {
    if (output) createInterface(output).on("line", (line) => lines.push(line));
  }
  const waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  child.on("message", ({ id, answer, error }: { id: number; answer?: unknown; error?: string }) => {
    if (error === undefined) waiting.get(id)?.resolve(answer);
    else waiting.get(id)?.reject(new Error(error));
  });
  await Promise.race([
    once(child, "message"),
    ended.then(() => Promise.reject(new Error(`the ${name} ended at its start: ${lines.join("\n")}`))),
  ]);
  let invocations = 0;
  return {
    lines,
    invoke(event) {
      const id = ++invocations;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        child.send({ id, event });
      });
    },
  };
}
