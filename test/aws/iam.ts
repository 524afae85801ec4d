import { afterAll, expect, inject, onTestFinished } from "vitest";
import type { Statement } from "../support/servers/iam-policy.ts";
import { type CheckedCall, type IamProxy, iamProxy } from "../support/servers/iam-proxy.ts";
import { AWS, MOTO } from "./aws.ts";
import { report } from "./iam-report.ts";
import { ACCOUNT } from "./stack-policies.ts";

let proxy: Promise<IamProxy> | undefined;

afterAll(async () => (await proxy)?.close());

/** What calls AWS through the proxy that stands before moto, under policies. */
export interface Caller {
  readonly name: string;
  readonly statements: readonly Statement[];
  /** Where calls of a service go, if not to moto. */
  readonly upstreams?: Readonly<Record<string, string>>;
  /** Whether the test has calls refused on purpose. Otherwise a refusal fails it. */
  readonly isRefused?: boolean;
}

/**
 * Lets a caller use AWS under its policies until the test ends: the options of its clients, and every call that it made.
 *
 * A call that the proxy does not know, or that it refused without being asked to, fails the test.
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
