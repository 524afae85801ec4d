import { athena } from "../../../handlers/clients/aws/athena.client.ts";
import { type AthenaQueryResult, athenaEngine } from "../../../handlers/clients/aws/athena-engine.ts";
import { stackOutputs } from "../toolkit/deployment/stack-outputs.client.ts";
import type { Terminal } from "../toolkit/terminal.ts";
import { athenaUsd } from "./athena-price.ts";

/** Where on AWS to ask: a stack, which names its workgroup and database, or those two. */
export type AthenaTarget = { readonly stack: string } | { readonly workgroup: string; readonly database: string };

/** A saved query may take this long; Athena itself ends one after half an hour. */
const TIMEOUT_MS = 30 * 60 * 1000;

/**
 * The answer of the archive at `target` to one saved query, in the region and with the rights of the environment.
 * Says on standard error how long it works, and in the end what it read and what that costs.
 *
 * @throws WrongUsage if there is no such stack, {QueryFailed} and {ParameterError} as the engine does.
 */
export async function queryAthena(
  sql: string,
  parameters: readonly string[],
  target: AthenaTarget,
  signal: AbortSignal,
  terminal: Pick<Terminal, "progress" | "printNote">,
): Promise<AthenaQueryResult> {
  const engine = athenaEngine(athena({ ...(await findEngine(target)), timeoutMs: TIMEOUT_MS }), signal);
  const working = terminal.progress("Athena works, seconds so far");
  const ticking = setInterval(working.advance, 1_000);
  const answer = await engine.run(sql, parameters).finally(() => {
    clearInterval(ticking);
    working.end();
  });
  terminal.printNote(costLine(answer));
  return answer;
}

async function findEngine(target: AthenaTarget): Promise<{ workgroup: string; database: string }> {
  if ("workgroup" in target) return target;
  const { output } = await stackOutputs(target.stack);
  return { workgroup: output("WorkgroupName"), database: output("DatabaseName") };
}

function costLine({ bytes, milliseconds }: AthenaQueryResult): string {
  const [read, seconds] = [(bytes / 1e6).toFixed(2), (milliseconds / 1e3).toFixed(1)];
  return `Athena read ${read} MB in ${seconds} s; at its list price that is $${athenaUsd(bytes).toFixed(6)}.`;
}
