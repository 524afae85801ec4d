import type { CloudFormationCustomResourceResponse } from "aws-lambda";
import { systemClock } from "../clock.ts";
import { retryingFetch } from "../http/retrying-fetch.client.ts";

const CLOUDFORMATION = { name: "CloudFormation", keyVariable: "the role", addressVariable: "the response's address" };

/** Puts the response of a custom resource to the presigned URL where CloudFormation waits for it. */
export async function respond(url: string, response: CloudFormationCustomResourceResponse): Promise<void> {
  const init = { method: "PUT", body: JSON.stringify(response), headers: { "content-type": "" } };
  const policy = { timeoutMs: 10_000, retries: 4, clock: systemClock };
  await retryingFetch({ service: CLOUDFORMATION, url, init, repeatable: true }, async () => undefined, policy);
}
