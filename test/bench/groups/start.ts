import { setTimeout } from "node:timers/promises";
import { residentBytes, spawnedArchive } from "../../support/fixtures/spawned-archive.ts";
import type { Group } from "../group.ts";
import { type BenchRow, measurement } from "../measurement.ts";
import { processMs } from "../processes.ts";
import { withTemporaryFolder } from "../temporary-folder.ts";

const SIZES = { full: { calls: 100_000, runs: 3 }, quick: { calls: 3, runs: 1 } };

const POLL_MS = 50;

/** `npm start` on a folder of many calls. */
export const start: Group = {
  name: "start",
  measure: (scale, run) =>
    withTemporaryFolder(async (folder) => {
      const { calls, runs } = SIZES[scale];
      await run("makeArchive", { folder, calls });
      const starts: Start[] = [];
      const empty: number[] = [];
      for (let n = 0; n < runs; n += 1) {
        starts.push(await oneStart(folder));
        empty.push(await processMs(["-e", ""]));
      }
      const values = (name: keyof Start) => starts.map((each) => each[name]);
      const name = (what: string) => `${what}, ${calls.toLocaleString("en")} calls`;
      const rows: BenchRow[] = [
        {
          name: name("accepts deliveries"),
          unit: "s",
          ours: measurement("from the start of the process", values("listeningSecs")),
          floor: measurement(
            "a process of Node that does nothing",
            empty.map((ms) => ms / 1000),
          ),
        },
        {
          name: name("recovery is complete"),
          unit: "s",
          ours: measurement("from the start of the process", values("recoveredSecs")),
        },
      ];
      if (process.platform !== "linux") return rows;
      const memory = measurement("most memory of the process", values("megabytes"));
      return [...rows, { name: name("memory until then"), unit: "MB", ours: memory }];
    }),
};

interface Start {
  readonly listeningSecs: number;
  readonly recoveredSecs: number;
  readonly megabytes: number;
}

async function oneStart(folder: string): Promise<Start> {
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1000;
  const archive = await spawnedArchive(folder, { ELEVENLABS_WEBHOOK_SECRET: "wsec_measured" });
  try {
    const listeningSecs = seconds();
    while ((await archive.health()).pending > 0) await setTimeout(POLL_MS);
    const recoveredSecs = seconds();
    const bytes = process.platform === "linux" ? await residentBytes(archive.pid, "VmHWM") : 0;
    return { listeningSecs, recoveredSecs, megabytes: bytes / 1e6 };
  } finally {
    await archive.kill();
  }
}
