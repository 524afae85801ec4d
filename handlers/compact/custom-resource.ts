import type { CloudFormationCustomResourceEvent, CloudFormationCustomResourceResponse } from "aws-lambda";
import { type Log, reasonOf } from "../clients/observability/log.ts";

/** What the handler needs from outside. */
export interface CustomResourceDeps {
  /** Runs when the resource is created or changed. */
  readonly apply: () => Promise<void>;
  /** Sends the response to the URL in the event. */
  readonly respond: (url: string, response: CloudFormationCustomResourceResponse) => Promise<void>;
  readonly log: Log;
}

/**
 * Returns a handler that runs `apply` as part of a deployment. If it fails, the deployment fails with the reason and is
 * rolled back.
 *
 * Does nothing when the resource is deleted: the views are deleted with the database.
 */
export function customResourceHandler({ apply, respond, log }: CustomResourceDeps) {
  return async (event: CloudFormationCustomResourceEvent): Promise<void> => {
    const { RequestId, StackId, LogicalResourceId } = event;
    const answer = { RequestId, StackId, LogicalResourceId, PhysicalResourceId: LogicalResourceId };
    try {
      if (event.RequestType !== "Delete") await apply();
      log({ event: event.RequestType.toLowerCase(), resource: LogicalResourceId });
      await respond(event.ResponseURL, { ...answer, Status: "SUCCESS" });
    } catch (error) {
      const reason = reasonOf(error);
      log({ event: "failed", resource: LogicalResourceId, reason });
      await respond(event.ResponseURL, { ...answer, Status: "FAILED", Reason: reason.slice(0, 1_000) });
    }
  };
}
