import type { TestProject } from "vitest/node";
import { MOTO_MISSING, startMoto } from "./moto.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Where moto listens; absent where it is not installed. */
    moto: string | undefined;
  }
}

/** Starts moto before the first test and ends it after the last. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const moto = await startMoto();
  if (moto === undefined) process.stderr.write(`\n  SKIPPED: the AWS conformance suite. ${MOTO_MISSING}\n\n`);
  provide("moto", moto?.url);
  return async () => moto?.stop();
}
