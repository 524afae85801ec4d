import { join } from "node:path";
import { receiveWebhook } from "../../../handlers/receive/receive.ts";
import { signature } from "../../../handlers/receive/signature.ts";
import { loadCalls } from "../../../infrastructure/commands/load/load-calls.ts";
import { folderStores } from "../../../infrastructure/local/folder-stores.ts";
import type { TaskOptions, TaskResult } from "../tasks.ts";
import { withTemporaryFolder } from "../temporary-folder.ts";
import { warmMs } from "../timed.ts";
import { hmacOf, writeDurably } from "./floors.ts";

const SECRET = "wsec_measured";

/** Receives deliveries of `kilobytes` into a folder, `runs` times. Returns milliseconds. */
export function warmReceive({ kilobytes, runs }: TaskOptions): Promise<TaskResult> {
  return withTemporaryFolder(async (folder) => {
    const now = new Date();
    const calls = loadCalls(Number(kilobytes), now);
    const bodies = Array.from({ length: Number(runs) + 1 }, (_, n) => calls.body(n));
    const signatures = bodies.map((body) => signature(body, SECRET, now));
    const bodyOf = (run: number) => bodies[run + 1] ?? Buffer.alloc(0);
    const pathOf = (run: number) => join(folder, `${run}.json`);
    const { archive } = folderStores(folder);
    const secrets = async () => [SECRET];

    const ours = await warmMs(Number(runs), (run) => {
      const delivery = { body: bodyOf(run), signature: signatures[run + 1] };
      return receiveWebhook(delivery, { archive, secrets, toleranceSeconds: 1800, now: () => now });
    });
    const alternative = await warmMs(Number(runs), async (run) => {
      hmacOf(bodyOf(run), SECRET);
      JSON.parse(bodyOf(run).toString());
      await writeDurably(pathOf(run), bodyOf(run));
    });
    const floor = await warmMs(Number(runs), async (run) => {
      hmacOf(bodyOf(run), SECRET);
      await writeDurably(pathOf(run), bodyOf(run));
    });
    return { ours, alternative, floor };
  });
}
