import { athena } from "../../../handlers/clients/aws/athena.client.ts";
import { type AthenaQueryResult, athenaEngine } from "../../../handlers/clients/aws/athena-engine.ts";
import { stackOutputs } from "../toolkit/deployment/stack-outputs.client.ts";
import type { Terminal } from "../toolkit/terminal.ts";
import { athenaUsd } from "./athena-price.ts";

/** Where a query runs on AWS: a stack, whose outputs have the workgroup and the database, or those two. */
export type AthenaTarget = { readonly stack: string } | { readonly workgroup: string; readonly database: string };

/** The longest time for a query. Athena itself ends one after half an hour. */
const TIMEOUT_MS = 30 * 60 * 1000;

/**
 * Runs one saved query on the archive at `target`, in the region and with the credentials of the environment. Prints
 * the progress on standard error, and at the end the bytes read and their price.
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
  const working = terminal.progress("waiting for Athena, in seconds");
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
