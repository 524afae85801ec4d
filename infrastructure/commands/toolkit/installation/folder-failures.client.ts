import pMap from "p-map";
import type { Log } from "../../../../handlers/clients/observability/log.ts";
import { type FoundLetter, folderDeadLetters } from "../../../local/dead-letters.client.ts";
import type { Settings } from "../../../local/settings.ts";
import { folderInstallation, folderWorkplace } from "./folder-installation.client.ts";
import type { Workplace } from "./installation.ts";
import type { Failure, Failures } from "./failures.ts";
import { withHeldObjects } from "./held-objects.ts";
import { lookAtObject } from "./look-at-object.ts";
import { releaseObject } from "./release-object.ts";

/** A whole object is read for some of them. */
const LOOKS_AT_ONCE = 10;

/**
 * The failures in the settings' folder. If the archive is running there, it processes what is sent; else the
 * folder is taken at the first `send`, and this process does it. `log` hears of each object that is processed here.
 */
export function folderFailures(settings: Settings, log: Log): Failures {
  const letters = folderDeadLetters(settings.folder);
  const { name, archive } = folderInstallation(settings);
  let workplace: Promise<Workplace> | undefined;

  function opened(): Promise<Workplace> {
    workplace ??= folderWorkplace(settings, "npm run redrive", log);
    return workplace;
  }

  async function failureOf({ key, reason, attempts, given_up_at: since }: FoundLetter): Promise<Failure> {
    const { state, reason: now = "no reason is on record" } = await lookAtObject(key, archive);
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
      const dead = await pMap(await letters.list(), failureOf, { concurrency: LOOKS_AT_ONCE });
      return withHeldObjects(dead, archive);
    },
    async send({ key, kind }) {
      const here = await opened();
      if (kind === "dead letter") await here.archive.renew(key, "none");
      const sent = kind === "dead letter" ? { as: key } : await releaseObject(key, here);
      if ("as" in sent) here.process(sent.as);
      return sent;
    },
    drop: ({ key }) => letters.remove(key),
    sent: async () => (await opened()).processed(),
    close: async () => (await workplace)?.close(),
  };
}
