import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import pMap from "p-map";
import { signature } from "../../../handlers/receive/signature.ts";
import { loadCalls } from "../../../infrastructure/commands/load/load-calls.ts";
import { spawnedArchive } from "../../support/fixtures/spawned-archive.ts";
import { type CpuProfile, profileText } from "../cpu-profile.ts";
import type { Group } from "../group.ts";
import { measurement } from "../measurement.ts";
import { withTemporaryFolder } from "../temporary-folder.ts";

const SECRET = "wsec_measured";
const SIZES = { full: { calls: 1_000, kilobytes: 150, runs: 3 }, quick: { calls: 3, kilobytes: 10, runs: 1 } };

/** The number of deliveries that are posted at the same time. */
const AT_ONCE = 8;
const POLL_MS = 20;

/** Deliveries to a running archive as fast as it answers, until the last one is processed. */
export const throughput: Group = {
  name: "throughput",
  async measure(scale) {
    const { calls, kilobytes, runs } = SIZES[scale];
    const ours: number[] = [];
    const floor: number[] = [];
    for (let n = 0; n < runs; n += 1) {
      const { seconds } = await withTemporaryFolder((folder) => oneRun(folder, calls, kilobytes));
      ours.push(calls / seconds);
      floor.push(calls / (await withTemporaryFolder((folder) => bareRun(folder, calls, kilobytes))));
    }
    const { profile } = await withTemporaryFolder((folder) =>
      oneRun(folder, calls, kilobytes, join(folder, "profile")),
    );
    return [
      {
        name: `${calls.toLocaleString("en")} calls of ${kilobytes} kB, ${AT_ONCE} at a time`,
        unit: "calls/s",
        ours: measurement("answered and processed", ours),
        floor: measurement("a server with HMAC and one write", floor),
        note: profile,
      },
    ];
  },
};

/** Posts to a running archive. Returns the seconds until the last delivery is processed, and perhaps a profile. */
async function oneRun(folder: string, count: number, kilobytes: number, profileFolder?: string) {
  if (profileFolder) await mkdir(profileFolder);
  const profiling = profileFolder && { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profileFolder}` };
  const archive = await spawnedArchive(folder, { ELEVENLABS_WEBHOOK_SECRET: SECRET, ...profiling });
  const seconds = await postAll(archive.url, count, kilobytes, async () => {
    while ((await archive.health()).pending > 0) await setTimeout(POLL_MS);
  });
  await archive.stop();
  return { seconds, profile: profileFolder && (await profileIn(profileFolder)) };
}

/** Posts the same to a server that only checks and writes, in another process. Returns the seconds. */
async function bareRun(folder: string, count: number, kilobytes: number): Promise<number> {
  const script = join(import.meta.dirname, "../bare-receiver.ts");
  const child = spawn(process.execPath, [script, folder], { stdio: ["ignore", "pipe", "inherit"] });
  const [url] = await once(child.stdout, "data");
  try {
    return await postAll(String(url).trim(), count, kilobytes, async () => {});
  } finally {
    child.kill();
  }
}

async function postAll(url: string, count: number, kilobytes: number, untilDone: () => Promise<void>): Promise<number> {
  const calls = loadCalls(kilobytes, new Date());
  const deliveries = Array.from({ length: count }, (_, n) => {
    const body = calls.body(n);
    return { body, signature: signature(body, SECRET, new Date()) };
  });
  const startedAt = performance.now();
  await pMap(deliveries, (delivery) => postSigned(url, delivery), { concurrency: AT_ONCE });
  await untilDone();
  return (performance.now() - startedAt) / 1000;
}

async function postSigned(url: string, delivery: { readonly body: Buffer; readonly signature: string }): Promise<void> {
  const headers = { "elevenlabs-signature": delivery.signature };
  const body = new Uint8Array(delivery.body);
  const response = await fetch(`${url}/post-call`, { method: "POST", body, headers });
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`a delivery was answered ${response.status}`);
}

async function profileIn(folder: string): Promise<string | undefined> {
  const [file] = await readdir(folder);
  if (file === undefined) return undefined;
  const profile: CpuProfile = JSON.parse(await readFile(join(folder, file), "utf8"));
  return profileText(profile);
}
