import pMap from "p-map";
import { type FoundLetter, folderDeadLetters } from "../../../local/dead-letters.client.ts";
import type { Deployment, OpenDeployment } from "./deployment.ts";
import { withHeldObjects } from "./held-objects.ts";
import { objectState } from "./object-state.ts";
import type { RedriveItem, RedriveQueue } from "./redrive-queue.ts";
import { releaseObject } from "./release-object.ts";

/** Limits memory: some items need the whole object. */
const READS_AT_ONCE = 10;

/**
 * The redrive queue of `folder`. A running archive processes what is sent. If none runs, the first `send` opens the
 * folder (`open`), and this process does the work.
 */
export function folderRedriveQueue(
  folder: string,
  { name, archive }: Pick<Deployment, "name" | "archive">,
  open: () => Promise<OpenDeployment>,
): RedriveQueue {
  const letters = folderDeadLetters(folder);
  let openDeployment: Promise<OpenDeployment> | undefined;

  function openOnce(): Promise<OpenDeployment> {
    openDeployment ??= open();
    return openDeployment;
  }

  async function itemOf({ key, reason, attempts, given_up_at: since }: FoundLetter): Promise<RedriveItem> {
    const { state, reason: now = "no reason is on record" } = await objectState(key, archive);
    return {
      key,
      kind: "dead letter",
      state,
      reason: state === "failed" && reason !== null ? reason : now,
      attempts,
      since,
    };
  }

  return {
    name,
    async list() {
      const dead = await pMap(await letters.list(), itemOf, { concurrency: READS_AT_ONCE });
      return withHeldObjects(dead, archive);
    },
    async send({ key, kind }) {
      const target = await openOnce();
      if (kind === "dead letter") await target.archive.rePut(key, "none");
      const sent = kind === "dead letter" ? { as: key } : await releaseObject(key, target);
      if ("as" in sent) target.process(sent.as);
      return sent;
    },
    drop: ({ key }) => letters.remove(key),
    waitUntilSent: async () => (await openOnce()).waitUntilProcessed(),
    close: async () => (await openDeployment)?.close(),
  };
}
