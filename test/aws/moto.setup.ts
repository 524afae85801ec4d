import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import type { FunctionName } from "../../infrastructure/aws/bundle.client.ts";
import { bundles } from "../../infrastructure/aws/bundle.client.ts";
import { type Resource, resourcesOf, templateOf } from "../infrastructure/aws/template.ts";
import { summaryOf } from "./iam-report.ts";
import { MOTO_MISSING, startMoto } from "./moto.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The address of moto; `undefined` if it is not installed. */
    moto: string | undefined;
    /** The resources of the synthesised template, and the folder of each function's bundle: made once for all tests. */
    resources: readonly Resource[];
    bundles: Readonly<Record<FunctionName, string>>;
    /** The file with the findings of the IAM proxies of all tests. */
    iamReport: string;
  }
}

/** Starts moto before the first test and stops it after the last. Then prints the number of calls that IAM refuses. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const { receiver, processor, compactor, reconciler, views, monitor, readApi } = await bundles();
  provide("bundles", {
    receiver: receiver.folder,
    processor: processor.folder,
    compactor: compactor.folder,
    reconciler: reconciler.folder,
    views: views.folder,
    monitor: monitor.folder,
    readApi: readApi.folder,
  });
  provide("resources", resourcesOf(templateOf()));
  const folder = await mkdtemp(join(tmpdir(), "call-archive-iam-"));
  const iamReport = join(folder, "report.jsonl");
  provide("iamReport", iamReport);
  const moto = await startMoto();
  if (moto === undefined) process.stderr.write(`\n  SKIPPED: the AWS conformance suite. ${MOTO_MISSING}\n\n`);
  provide("moto", moto?.url);
  return async () => {
    await moto?.stop();
    if (moto) process.stdout.write(`\n${summaryOf(iamReport)}\n`);
    await rm(folder, { recursive: true });
  };
}
