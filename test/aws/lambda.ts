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
  /** Invokes the function and returns its response. */
  invoke(event: unknown): Promise<unknown>;
  /** Every line of its output. */
  readonly lines: readonly string[];
  /** Every call to AWS that it made. */
  calls(): CheckedCall[];
  /** The statements of its policies that no call has needed so far. Without any other statement a call is refused. */
  unneeded(): string[];
  /** Drops the response to the next call that matches, by operation and resource, after the call is done. */
  loseAnswer(on: RegExp): void;
}

export interface LambdaOptions {
  /** Selects the statements that apply, by default all of the stack. With it, calls may be refused. */
  readonly under?: (statements: readonly Statement[]) => readonly Statement[];
}

/**
 * Starts a bundled function in a separate process, and stops it after the test. Its environment is `env` and the
 * variables of the stack's template.
 *
 * It reaches AWS only through the IAM proxy, with the rights of its role's policies. An `AWS_ENDPOINT_URL_{SERVICE}` in
 * `env` is behind the proxy, too.
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
    ended.then(() => Promise.reject(new Error(`the ${name} exited at its start: ${lines.join("\n")}`))),
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

/** `env` with the address of the proxy instead of moto's and of every service behind it. */
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
