/*
 * Measures the archive's memory on this machine during many large deliveries at once: unsigned ones, which are refused,
 * and signed ones, which are stored and processed. Each measurement has a new archive. Runs on Linux.
 *
 *   node test/measure/flood.ts
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Flood, flood } from "../support/fixtures/flood.ts";
import { spawnedArchive } from "../support/fixtures/spawned-archive.ts";

const SECRET = "wsec_measured";
const MB = 1_000_000;

await measure("30 unsigned bodies of 59 MB", 150, {
  count: 30,
  bytes: 59 * MB,
  secret: undefined,
  content: "recording",
});
await measure("64 signed recordings of 20 MB", 600, {
  count: 64,
  bytes: 20 * MB,
  secret: SECRET,
  content: "recording",
});
await measure("64 signed transcriptions of 20 MB", 600, {
  count: 64,
  bytes: 20 * MB,
  secret: SECRET,
  content: "words",
});

async function measure(name: string, mostMegabytes: number, of: Flood): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "call-archive-flood-"));
  const archive = await spawnedArchive(folder, { ELEVENLABS_WEBHOOK_SECRET: SECRET });
  try {
    const startedAt = performance.now();
    const { answers, failed, grownBytes } = await flood(archive, of);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    const megabytes = Math.round(grownBytes / MB);
    const answered = Object.entries(answers).map(([status, count]) => `${count} × ${status}`);
    process.stdout.write(
      `${name}: ${megabytes} MB more than at rest (limit ${mostMegabytes}), ${answered.join(", ")}, ${failed} failed, ${seconds} s\n`,
    );
    if (megabytes >= mostMegabytes || failed > 0) process.exitCode = 1;
  } finally {
    await archive.kill();
    await rm(folder, { recursive: true, force: true });
  }
}
