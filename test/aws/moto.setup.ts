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
    /** Where moto listens; absent where it is not installed. */
    moto: string | undefined;
    /** The resources of the synthesised template, and the folder of each function's bundle: made once for all tests. */
    resources: readonly Resource[];
    bundles: Readonly<Record<FunctionName, string>>;
    /** The file that gathers what the IAM proxies of all tests found. */
    iamReport: string;
  }
}

/** Starts moto before the first test and ends it after the last. Then it prints how many calls IAM would have refused. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const { receiver, processor, compactor, reconciler, views } = await bundles();
  provide("bundles", {
    receiver: receiver.folder,
    processor: processor.folder,
    compactor: compactor.folder,
    reconciler: reconciler.folder,
    views: views.folder,
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
