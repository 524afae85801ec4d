import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readEvent } from "../../../handlers/call/event.ts";
import { rawKey } from "../../../handlers/call/keys.ts";
import { processObject } from "../../../handlers/process/process.ts";
import { folderStores } from "../../../infrastructure/local/folder-stores.ts";
import { silentMp3 } from "../../../infrastructure/samples/silent-mp3.ts";
import { anAudio, aTranscription } from "../../support/fixtures/events.ts";
import { aWorld, NOW } from "../../support/fixtures/world.ts";
import type { TaskOptions, TaskResult } from "../tasks.ts";
import { withTemporaryFolder } from "../temporary-folder.ts";
import { type Timed, timed } from "../timed.ts";
import { writeDurably } from "./floors.ts";

/** The bytes of a second of `silentMp3`. */
const BYTES_A_SECOND = 16_000;

/** The name of the task that only writes the delivery, so that the memory for making it is not measured. */
type Part = "deliver" | "ours" | "floor";

/**
 * Processes one delivered recording of `megabytes` in `folder`: the `part` "deliver" stores it there before, "ours"
 * processes it, and "floor" decodes it with Node's own decoder and writes it. Returns milliseconds and MB.
 */
export async function recording({ part, megabytes, folder }: TaskOptions): Promise<TaskResult> {
  const run = PARTS[partOf(part)];
  return run(String(folder), Number(megabytes));
}

const PARTS: Record<Part, (folder: string, megabytes: number) => Promise<TaskResult>> = {
  async deliver(folder, megabytes) {
    const { world, archive } = inFolder(folder);
    const mp3 = silentMp3({ seconds: (1e6 * megabytes) / BYTES_A_SECOND, title: "measured" });
    for (const body of [aTranscription(), anAudio({ full_audio: mp3.toString("base64") })]) {
      const key = rawKey(readEvent(body), body, undefined);
      await archive.put(key, body, { metadata: { source: "webhook", "received-at": NOW.toISOString() } });
      // The transcription is processed, and the recording waits.
      if (key !== AUDIO_KEY) await processObject(key, world.processing);
    }
    return {};
  },
  async ours(folder) {
    const { world } = inFolder(folder);
    return valuesOf(await timed(() => processObject(AUDIO_KEY, world.processing)));
  },
  async floor(folder) {
    return valuesOf(
      await timed(async () => {
        const body = await readFile(join(folder, "archive", AUDIO_KEY));
        const start = body.indexOf(FIELD) + FIELD.length;
        const mp3 = Buffer.from(body.toString("latin1", start, body.indexOf('"', start)), "base64");
        await writeDurably(join(folder, "floor.mp3"), mp3);
      }),
    );
  },
};

const AUDIO_KEY = "_audio/conv_1.json";
const FIELD = '"full_audio":"';

function inFolder(folder: string) {
  const stores = folderStores(folder);
  return { world: aWorld(stores), archive: stores.archive };
}

function valuesOf({ ms, cpuMs, grownMb }: Timed): TaskResult {
  return { ms: [ms], cpuMs: [cpuMs], grownMb: [grownMb] };
}

function partOf(part: string | number | undefined): Part {
  if (part === "deliver" || part === "ours" || part === "floor") return part;
  throw new Error(`${part} is no part of this task`);
}

/** Measures one recording in a new folder: ours, then the floor. `run` runs the task. */
export function recordingRun(megabytes: number, run: (options: TaskOptions) => Promise<TaskResult>) {
  return withTemporaryFolder(async (folder) => {
    await run({ part: "deliver", megabytes, folder });
    const floor = await run({ part: "floor", megabytes, folder });
    return { ours: await run({ part: "ours", megabytes, folder }), floor };
  });
}
