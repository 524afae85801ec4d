import type { TestProject } from "vitest/node";
import { MOTO_MISSING, startMoto } from "../aws/moto.ts";
import { olderTrinoDistribution, trinoDistribution } from "./distribution.ts";
import { startOlderTrino } from "./older-server.ts";
import { startTrino } from "./server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The address of Trino, and the folder of its catalog `folder`; `undefined` if Trino cannot run here. */
    trino: { readonly url: string; readonly folder: string } | undefined;
    /** The address of the older Trino; `undefined` if it cannot run here. */
    olderTrino: { readonly url: string } | undefined;
  }
}

type Stop = () => Promise<unknown>;

/** Starts both versions of Trino, as far as they can run here. Stops them after the last test. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  // One after the other: two downloads at the same time would share Maven's cache, which has no locks.
  const stops = [await setupOlderTrino(provide), await setupTrino(provide)];
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
}

/** Starts moto, which simulates S3 and Glue, and a Trino that reads both. */
async function setupTrino(provide: TestProject["provide"]): Promise<Stop> {
  const distribution = await trinoDistribution();
  const moto = "missing" in distribution ? undefined : await startMoto();
  if ("missing" in distribution || moto === undefined) {
    skip("the Trino conformance suite", "missing" in distribution ? distribution.missing : MOTO_MISSING);
    provide("trino", undefined);
    return async () => {};
  }
  const trino = await startTrino(distribution, moto.url);
  provide("moto", moto.url);
  provide("trino", { url: trino.url, folder: trino.folder });
  return () => Promise.all([moto.stop(), trino.stop()]);
}

/** Starts a Trino as old as Athena's, for the saved queries only. */
async function setupOlderTrino(provide: TestProject["provide"]): Promise<Stop> {
  const distribution = await olderTrinoDistribution();
  if ("missing" in distribution) {
    skip("the saved queries on the older Trino", distribution.missing);
    provide("olderTrino", undefined);
    return async () => {};
  }
  const trino = await startOlderTrino(distribution);
  provide("olderTrino", { url: trino.url });
  return () => trino.stop();
}

function skip(what: string, reason: string): void {
  process.stderr.write(`\n  SKIPPED: ${what}. ${reason}\n\n`);
}
