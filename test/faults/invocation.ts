import { Readable } from "node:stream";
import type { Archive } from "../../handlers/clients/archive/archive.ts";
import type { Clock } from "../../handlers/clients/clock.ts";
import type { RecordingSource } from "../../handlers/clients/elevenlabs/recording-source.ts";
import type { Memories } from "../../handlers/clients/memory/memories.ts";
import type { Random } from "../../infrastructure/samples/random.ts";
import type { Faults } from "./faults.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** One invocation of a function: a process with a clock, a time limit, and failing external systems. */
export interface Invocation {
  /** The clock of this process, which may be wrong. */
  readonly clock: Clock;
  /** Resolves when the invocation ends before its work is done. Later operations have no effect. */
  readonly ended: Promise<undefined>;
  remainingMs(): number;
  /** Runs `work` as an operation of an external system, some milliseconds later, unless a fault is drawn. */
  perform<Result>(boundary: string, work: () => Promise<Result>): Promise<Result>;
}

export interface InvocationOptions {
  readonly time: Pick<VirtualTime, "now" | "sleep">;
  readonly faults: Faults;
  readonly random: Random;
  /** The time after which it is killed. */
  readonly limitMs: number;
  /** The error of its clock. */
  readonly skewMs: number;
}

const LATE_MS = 100_000;

/** Starts an invocation. */
export function startInvocation({ time, faults, random, limitMs, skewMs }: InvocationOptions): Invocation {
  const deadline = time.now() + limitMs;
  let hasEnded = false;
  let resolveEnded = (_: undefined) => {};
  const ended = new Promise<undefined>((resolve) => {
    resolveEnded = resolve;
  });

  /** Ends the invocation. The returned promise never resolves. */
  function end(): Promise<never> {
    hasEnded = true;
    resolveEnded(undefined);
    return new Promise(() => {});
  }

  async function pass(ms: number): Promise<void> {
    if (hasEnded) return end();
    await time.sleep(ms);
    if (time.now() >= deadline) return end();
  }

  async function perform<Result>(boundary: string, work: () => Promise<Result>): Promise<Result> {
    await pass(random.integer(1, 80));
    const kind = faults.draw(boundary);
    if (kind === "crashes before") return end();
    if (kind === "done late" || kind === "hangs before") await pass(random.between(0, LATE_MS));
    if (kind === "fails before" || kind === "hangs before") throw new Error(`${boundary} failed`);
    const result = await work();
    if (kind === "crashes after") return end();
    if (kind === "answered late" || kind === "hangs after") await pass(random.between(0, LATE_MS));
    if (kind === "fails after" || kind === "hangs after") throw new Error(`${boundary} failed`);
    return result;
  }

  return {
    clock: { now: () => new Date(time.now() + skewMs), sleep: pass },
    ended,
    remainingMs: () => deadline - time.now(),
    perform,
  };
}

/** `archive` with the faults of an invocation. */
export function archiveIn({ perform }: Invocation, name: string, archive: Archive): Archive {
  return {
    ...archive,
    async put(key, body, options) {
      try {
        return await perform(`${name} put`, () => archive.put(key, body, options));
      } finally {
        if (body instanceof Readable) body.destroy();
      }
    },
    get: (key) => perform(`${name} get`, () => archive.get(key)),
    head: (key) => perform(`${name} head`, () => archive.head(key)),
    delete: (key) => perform(`${name} delete`, () => archive.delete(key)),
  };
}

/** `memories` with the faults of an invocation. */
export function memoriesIn({ perform }: Invocation, memories: Memories): Memories {
  return {
    add: (memory) => perform("memories add", () => memories.add(memory)),
    forget: (...args) => perform("memories forget", () => memories.forget(...args)),
  };
}

/** `recordings` with the faults of an invocation. */
export function recordingsIn({ perform }: Invocation, recordings: RecordingSource): RecordingSource {
  return { recording: (conversationId) => perform("recordings get", () => recordings.recording(conversationId)) };
}
