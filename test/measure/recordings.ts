/*
 * Measures deliveries with recordings of several sizes: CPU time and peak memory. Each measurement is made in a new
 * process, after some small recordings. The size is that of the body, which has the recording in base64. Runs on Linux.
 *
 *   node test/measure/recordings.ts [MEGABYTES…]
 *
 * Without arguments: 1, 10, 45 and 200 MB.
 */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { readEvent } from "../../handlers/call/event.ts";
import { isKnown } from "../../handlers/call/kinds/registry.ts";
import { deliveredRecording } from "../../handlers/process/audio.ts";
import { processObject } from "../../handlers/process/process.ts";
import { checkBytes } from "../../handlers/verify/recording-bytes.ts";
import { folderStores } from "../../infrastructure/local/folder-stores.ts";
import { silentMp3 } from "../../infrastructure/samples/silent-mp3.ts";
import { anAudio, aTranscription } from "../support/fixtures/events.ts";
import { postChunked } from "../support/fixtures/post-chunked.ts";
import { residentBytes, spawnedArchive } from "../support/fixtures/spawned-archive.ts";

/** What is done with a delivery. `start`: `npm start` receives and processes it. */
const WORKS = ["decode", "process", "verify", "start"] as const;
type Work = (typeof WORKS)[number];

/** The least CPU time and the most memory of all rounds. */
export interface MeasuredRecording {
  readonly work: Work;
  readonly bodyBytes: number;
  readonly mp3Bytes: number;
  /** In the process and in the kernel; `undefined` for `start`. */
  readonly cpuMs: number | undefined;
  /** The peak of the process minus its memory before. */
  readonly peakBytes: number;
}

const MB = 1_000_000;
const SECRET = "wsec_measured";
const NOW = new Date("2026-11-20T10:05:00Z");
const WARM = Array.from({ length: 8 }, (_, n) => `conv_warm${n}`);
const MEASURED = "conv_1";

/** Runs this script as the measured process. */
const CHILD = "--child";

if (import.meta.main) await main(process.argv.slice(2));

/** Measures each work on recordings of each of `sizes`, in megabytes of body. */
export async function* measuredRecordings(sizes: readonly number[], rounds = 3): AsyncGenerator<MeasuredRecording> {
  for (const size of sizes) {
    const mp3 = silentMp3({ seconds: Math.round((0.75 * size * MB) / 16_000), title: "" });
    const body = anAudio({ conversation_id: MEASURED, full_audio: mp3.toString("base64") });
    for (const work of WORKS) {
      const all: Taken[] = [];
      for (let n = 0; n < rounds; n += 1) all.push(await inNewFolder(work, body));
      const cpu = all.flatMap(({ cpuMs }) => cpuMs ?? []);
      const cpuMs = cpu.length > 0 ? Math.min(...cpu) : undefined;
      const peakBytes = Math.max(...all.map((each) => each.peakBytes));
      yield { work, bodyBytes: body.length, mp3Bytes: mp3.length, cpuMs, peakBytes };
    }
  }
}

type Taken = Pick<MeasuredRecording, "cpuMs" | "peakBytes">;

async function main([first = "1", ...others]: string[]): Promise<void> {
  if (first === CHILD) return measureHere(others);
  const sizes = process.argv.length > 2 ? [first, ...others].map(Number) : [1, 10, 45, 200];
  for await (const { work, bodyBytes, mp3Bytes, cpuMs, peakBytes } of measuredRecordings(sizes)) {
    const rate = cpuMs && `${cpuMs.toFixed(0)} ms CPU, ${(mp3Bytes / 1000 / cpuMs).toFixed(0)} MB/s of MP3`;
    const memory = `${(peakBytes / MB).toFixed(0)} MB more than before, ${(peakBytes / bodyBytes).toFixed(2)} × body`;
    process.stdout.write(`${(bodyBytes / MB).toFixed(0)} MB ${work}: ${rate ? `${rate}, ` : ""}${memory}\n`);
  }
}

async function inNewFolder(work: Work, body: Buffer): Promise<Taken> {
  const folder = await mkdtemp(join(tmpdir(), "call-archive-recordings-"));
  try {
    return await (work === "start" ? posted(folder, body) : inNewProcess(folder, work, body));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function inNewProcess(folder: string, work: Work, body: Buffer): Promise<Taken> {
  const { archive, process: processed } = openFolder(folder);
  const small = silentMp3({ seconds: 40, title: "" }).toString("base64");
  for (const id of [...WARM, MEASURED]) {
    const audio = id === MEASURED ? body : anAudio({ conversation_id: id, full_audio: small });
    const metadata = { source: "webhook", "received-at": NOW.toISOString() };
    await archive.put(`12025550101/${id}.json`, aTranscription({ conversation_id: id }), { metadata });
    await processed(`12025550101/${id}.json`);
    await archive.put(`_audio/${id}.json`, audio, { metadata });
    if (work === "verify") await processed(`_audio/${id}.json`);
  }
  const child = spawn(process.execPath, [import.meta.filename, CHILD, folder, work], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(await text(child.stdout));
}

function openFolder(folder: string) {
  const { archive, analytics } = folderStores(folder);
  const leaseOptions = { holder: "measurement", seconds: 60, isExclusive: true };
  return {
    archive,
    process: (key: string) => processObject(key, { archive, analytics, leaseOptions, now: () => NOW }),
  };
}

async function measureHere([folder = "", work = ""]: string[]): Promise<void> {
  const { archive, process: processed } = openFolder(folder);
  async function run(id: string): Promise<void> {
    if (work === "process") await processed(`_audio/${id}.json`);
    if (work === "decode") decode((await archive.get(`_audio/${id}.json`))?.body);
    const mp3 = work === "verify" ? await archive.head(`12025550101/${id}.mp3`) : undefined;
    if (mp3 && (await checkBytes(mp3, async () => false, archive)).length > 0) throw new Error(`${id} is damaged`);
  }
  for (const id of WARM) await run(id);
  const [before, cpuBefore] = [await residentBytes(process.pid, "VmRSS"), process.cpuUsage()];
  await run(MEASURED);
  const { user, system } = process.cpuUsage(cpuBefore);
  const peakBytes = Math.max(0, (await residentBytes(process.pid, "VmHWM")) - before);
  process.stdout.write(JSON.stringify({ cpuMs: (user + system) / 1000, peakBytes }));
}

function decode(body: Buffer = Buffer.of()): void {
  const event = readEvent(body);
  if (!isKnown(event)) throw new Error(event.reason);
  deliveredRecording(event, body);
}

async function posted(folder: string, body: Buffer): Promise<Taken> {
  const limit = String(Math.max(64 * MB, 2 * body.length));
  const archive = await spawnedArchive(folder, { ELEVENLABS_WEBHOOK_SECRET: SECRET, MAX_BODY_BYTES: limit });
  try {
    await postChunked(archive.url, aTranscription(), SECRET);
    await untilIdle(archive.health);
    const before = await residentBytes(archive.pid, "VmHWM");
    await postChunked(archive.url, body, SECRET);
    await untilIdle(archive.health);
    return { cpuMs: undefined, peakBytes: (await residentBytes(archive.pid, "VmHWM")) - before };
  } finally {
    await archive.kill();
  }
}

async function untilIdle(health: () => Promise<{ readonly pending: number }>): Promise<void> {
  while ((await health()).pending > 0) await new Promise((resolve) => setTimeout(resolve, 20));
}
