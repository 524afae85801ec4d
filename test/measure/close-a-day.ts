/*
 * Measures how the compactor closes one day, in a separate process on one core, with an S3 latency of 20 ms: time, CPU,
 * peak memory, and requests.
 *
 *   node test/measure/close-a-day.ts [CALLS] [TURNS] [FOLDER]
 *
 * Without arguments: 10,000 calls of 40 turns, which take two minutes to make. With FOLDER, its live objects of that
 * day are used.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { S3Client } from "@aws-sdk/client-s3";
import { s3Archive } from "../../handlers/clients/archive/s3-archive.client.ts";
import { awsRetryPolicy } from "../../handlers/clients/aws/aws-retry-policy.ts";
import { compact } from "../../handlers/compact/compact.ts";
import { CLOSE_AFTER_HOURS, closableFrom } from "../../handlers/compact/days.ts";
import { PARTITION, type Side } from "../../queries/tables/table.ts";
import { awsAt } from "../support/fixtures/aws-client.ts";
import { longCalls } from "../support/fixtures/long-calls.ts";
import { aWorld } from "../support/fixtures/world.ts";
import { type S3Server, s3Server } from "../support/servers/s3-server.ts";

const DAY = "2026-11-01";
const LATENCY_MS = 20;

/** Node's heap in a Lambda function of 2,048 MB, as the start script of the runtime calculates it. */
const HEAP = ["--max-old-space-size=1844", "--max-semi-space-size=102"];

/** Runs this script as the compactor. It reads the address of the server from stdin. */
const COMPACTOR = "--compactor";

const [calls = "10000", turns = "40", folder] = process.argv.slice(2);
if (calls === COMPACTOR) await closeDay(await text(process.stdin));
else await measure(Number(calls), Number(turns), folder);

async function measure(calls: number, turns: number, folder?: string): Promise<void> {
  // Starts first: Linux counts the memory of the parent in the peak of its child.
  const compactor = startCompactor();
  const server = await s3Server({ latencyMs: LATENCY_MS });
  if (folder === undefined) await deliver(calls, turns, server);
  else await server.load(folder);
  print("live objects", totalOf(server, "live"));
  compactor.stdin?.end(server.url);
  const [code] = await once(compactor, "exit");
  print("parts", totalOf(server, "days"));
  print("requests", [...server.requests].map(([kind, count]) => `${whole(count)} ${kind}`).join(", "));
  await server.close();
  process.exitCode = code ?? 1;
}

function startCompactor(): ChildProcess {
  const command = [process.execPath, ...HEAP, import.meta.filename, COMPACTOR];
  const hasTaskset = spawnSync("taskset", ["--version"]).status === 0;
  print("cores", hasTaskset ? "1 (a function of 2,048 MB has 1.16)" : "all, because taskset is not installed");
  const [name = "", ...args] = hasTaskset ? ["taskset", "--cpu-list", "0", ...command] : command;
  return spawn(name, args, { stdio: ["pipe", "inherit", "inherit"] });
}

/** Processes the calls one after the other. Only their live objects stay in memory. */
async function deliver(calls: number, turns: number, server: S3Server): Promise<void> {
  for (const { endedAt, transcription, others } of longCalls(calls, turns, DAY, 1)) {
    const world = aWorld({ now: () => endedAt });
    for (const body of [transcription, ...others]) await world.take(body, endedAt);
    for (const [key, { body }] of world.analytics.objects) server.put(key, body);
  }
}

async function closeDay(url: string): Promise<void> {
  const [startedAt, cpuBefore] = [performance.now(), process.cpuUsage()];
  const { days, isFinished } = await compact({
    analytics: s3Archive("analytics", new S3Client({ ...awsRetryPolicy({ requestTimeout: 30_000 }), ...awsAt(url) })),
    moveViews: async () => {},
    longestQuerySeconds: 600,
    leaseOptions: { holder: "measurement", seconds: 900, isExclusive: true },
    closeAfterHours: CLOSE_AFTER_HOURS,
    now: () => closableFrom(DAY, CLOSE_AFTER_HOURS),
    hasTime: () => true,
  });
  const { user, system } = process.cpuUsage(cpuBefore);
  print("closed", isFinished ? days.map(({ day, shards }) => `${day}, shards: ${shards}`).join() : "no");
  print("wall time", seconds((performance.now() - startedAt) / 1e3));
  print("CPU time", `${seconds((user + system) / 1e6)}, including ${seconds(system / 1e6)} in the kernel`);
  print("peak memory", `${whole(process.resourceUsage().maxRSS / 1024)} MB`);
}

/** The objects of that day. A call that is processed after midnight has rows of the next day, too. */
function totalOf({ objects }: S3Server, side: Side): string {
  const ofDay = [...objects].filter(
    ([key]) => key.startsWith(`${side}/`) && key.includes(`/${PARTITION.name}=${DAY}/`),
  );
  const sizes = ofDay.map(([, { body }]) => body.length);
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return `${whole(sizes.length)} of ${(bytes / 1e6).toFixed(2)} MB`;
}

function print(what: string, value: string): void {
  process.stdout.write(`${what.padEnd(14)}${value}\n`);
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}
