import type { TestProject } from "vitest/node";
import { MOTO_MISSING, startMoto } from "../aws/moto.ts";
import { trinoDistribution } from "./distribution.ts";
import { startTrino } from "./server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The address of Trino, and the folder of its catalog `folder`; `undefined` if Trino cannot run here. */
    trino: { readonly url: string; readonly folder: string } | undefined;
  }
}

/** Starts moto, which simulates S3 and Glue, and a Trino that reads both. Stops them after the last test. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const distribution = await trinoDistribution();
  const moto = "missing" in distribution ? undefined : await startMoto();
  if ("missing" in distribution || moto === undefined) {
    const reason = "missing" in distribution ? distribution.missing : MOTO_MISSING;
    process.stderr.write(`\n  SKIPPED: the Trino conformance suite. ${reason}\n\n`);
    provide("trino", undefined);
    return async () => {};
  }
  const trino = await startTrino(distribution, moto.url);
  provide("moto", moto.url);
  provide("trino", { url: trino.url, folder: trino.folder });
  return async () => {
    await Promise.all([moto.stop(), trino.stop()]);
  };
}
