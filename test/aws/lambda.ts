import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, inject, onTestFinished } from "vitest";
import { at } from "../../handlers/call/json.ts";
import type { FunctionName } from "../../infrastructure/aws/bundle.client.ts";
import type { Statement } from "../support/servers/iam-policy.ts";
import type { CheckedCall } from "../support/servers/iam-proxy.ts";
import { AWS, MOTO } from "./aws.ts";
import { admitted } from "./iam.ts";
import { unneededStatements } from "./iam-report.ts";
import { functionStatements, literalsOf, timeoutOf } from "./stack-policies.ts";

export interface Lambda {
  /** Invokes the function and answers what it answers. */
  invoke(event: unknown): Promise<unknown>;
  /** Every line that it wrote. */
  readonly lines: readonly string[];
  /** Every call of AWS that it made. */
  calls(): CheckedCall[];
  /** The statements of its policies that no call so far needed: with any of the others left out, one is refused. */
  unneeded(): string[];
  /** Has the answer to the next call that matches, by its operation and its resource, lost after the call is done. */
  loseAnswer(on: RegExp): void;
}

export interface LambdaOptions {
  /** The statements that it runs under, if not all that the stack gives it: then calls may be refused. */
  readonly under?: (statements: readonly Statement[]) => readonly Statement[];
}

/**
 * A bundled function in a process of its own, ended after the test. Around it are `env` and what the stack's template gives it.
 *
 * It reaches AWS through the IAM proxy alone, and may do what the policies of its role allow. An
 * `AWS_ENDPOINT_URL_{SERVICE}` in `env` stands behind the proxy, too.
 */
export async function aLambda(
  name: FunctionName,
  env: Record<string, string>,
  { under }: LambdaOptions = {},
): Promise<Lambda> {
  const granted = functionStatements(name, env);
  const upstreams = Object.fromEntries(
    Object.entries(env).flatMap(([variable, url]) => {
      const [, service] = /^AWS_ENDPOINT_URL_(\w+)$/.exec(variable) ?? [];
      return service === undefined ? [] : [[service.toLowerCase(), url]];
    }),
  );
  const statements = under?.(granted) ?? granted;
  const { client, calls, loseAnswer } = await admitted({ name, statements, upstreams, isRefused: under !== undefined });
  const runtime = join(import.meta.dirname, "lambda-runtime.ts");
  const bundle = join(inject("bundles")[name], "index.mjs");
  const child = fork(runtime, [bundle, String(timeoutOf(name))], {
    env: { ...literalsOf(name), ...throughProxy(env, client.endpoint), ...credentialsOf(client) },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const ended = once(child, "exit");
  const lines: string[] = [];
  onTestFinished(async () => {
    child.kill();
    await ended;
    const ids = lines.filter((line) => line.startsWith("{")).map((line) => at(JSON.parse(line), "request_id"));
    expect(ids.filter((id) => !String(id).startsWith(`request-${child.pid}-`))).toEqual([]);
  });
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
    calls,
    unneeded: () => unneededStatements(calls(), statements),
    loseAnswer,
    invoke(event) {
      const id = ++invocations;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        child.send({ id, event });
      });
    },
  };
}

/** What `env` says, with the proxy in place of moto and of every service that stands behind it. */
function throughProxy(env: Readonly<Record<string, string>>, endpoint: string): Record<string, string> {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith("AWS_ENDPOINT_URL"));
  return Object.fromEntries(kept.map(([name, value]) => [name, value.replaceAll(MOTO, endpoint)]));
}

function credentialsOf({ endpoint, credentials }: Pick<typeof AWS, "endpoint" | "credentials">) {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: AWS.region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
}
