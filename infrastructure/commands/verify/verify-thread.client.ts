import { on } from "node:events";
import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../../../handlers/clients/observability/log.ts";
import type { Attempt } from "../../../handlers/verify/unless-all-fail.ts";
import { checkHere } from "../../../handlers/verify/verify-archive.ts";
import { folderDeployment } from "../toolkit/deployment/folder-deployment.client.ts";
import { verifyDepsOf } from "../toolkit/verify/verify-deps-of.ts";
import type { ThreadOptions } from "./check-in-threads.client.ts";

/* A thread that checks objects of a folder. Each message to it has some objects, and each answer their results. */

const { settings, selection, readsRecordings }: ThreadOptions = workerData;
const check = checkHere(selection, await verifyDepsOf(folderDeployment(settings), readsRecordings), 1);

if (!parentPort) throw new Error("this is the script of a thread");
for await (const [objects] of on(parentPort, "message")) {
  parentPort.postMessage(await Array.fromAsync(check(objects), sendable));
}

/** With only the message of an error: not every error can be sent. */
function sendable(attempt: Attempt): Attempt {
  return attempt && "error" in attempt ? { ...attempt, error: new Error(messageOf(attempt.error)) } : attempt;
}
