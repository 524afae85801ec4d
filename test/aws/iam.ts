import { afterAll, expect, inject, onTestFinished } from "vitest";
import type { Statement } from "../support/servers/iam-policy.ts";
import { type CheckedCall, type IamProxy, iamProxy } from "../support/servers/iam-proxy.ts";
import { AWS, MOTO } from "./aws.ts";
import { report } from "./iam-report.ts";
import { ACCOUNT } from "./stack-policies.ts";

let proxy: Promise<IamProxy> | undefined;

afterAll(async () => (await proxy)?.close());

/** A caller of AWS under policies. Its calls go through the proxy to moto. */
export interface Caller {
  readonly name: string;
  readonly statements: readonly Statement[];
  /** The addresses of services that moto does not serve. */
  readonly upstreams?: Readonly<Record<string, string>>;
  /** Whether the test expects refusals. Otherwise a refusal fails it. */
  readonly isRefused?: boolean;
}

/**
 * Admits a caller to AWS under its policies until the test ends. Returns the options of its clients, and its calls.
 *
 * An unknown call or an unexpected refusal fails the test.
 */
export async function admitted({ isRefused = false, ...principal }: Caller) {
  proxy ??= iamProxy(MOTO, ACCOUNT);
  const { url, admit, calls: all, problems, loseAnswer } = await proxy;
  const accessKeyId = admit(principal);
  const calls = (): CheckedCall[] => all.filter((call) => call.principal === principal);
  const before = problems.length;
  onTestFinished(() => {
    report(inject("iamReport"), principal.name, calls(), principal.statements);
    expect(problems.slice(before)).toEqual([]);
    const refused = calls().flatMap(({ refused }) => (refused ? [`${refused.action} on ${refused.resource}`] : []));
    if (!isRefused) expect(refused).toEqual([]);
  });
  const credentials = { accessKeyId, secretAccessKey: "secret" };
  return { client: { ...AWS, endpoint: url, credentials, maxAttempts: 1 }, calls, loseAnswer };
}
