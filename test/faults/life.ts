import { Readable } from "node:stream";
import type { Archive } from "../../handlers/clients/archive/archive.ts";
import type { Clock } from "../../handlers/clients/clock.ts";
import type { RecordingSource } from "../../handlers/clients/elevenlabs/recording-source.ts";
import type { Memories } from "../../handlers/clients/memory/memories.ts";
import type { Random } from "../../infrastructure/samples/random.ts";
import type { Faults } from "./faults.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** One invocation of a function: a process with a clock, a time to live, and a world outside that fails it. */
export interface Life {
  /** As this process reads it: it may be wrong. */
  readonly clock: Clock;
  /** Resolves when it is over before its work is. Nothing that it asked for happens after that. */
  readonly death: Promise<undefined>;
  remainingMs(): number;
  /** Has `work` done by the world outside, some milliseconds later, if nothing goes wrong. */
  perform<Result>(boundary: string, work: () => Promise<Result>): Promise<Result>;
}

export interface LifeOptions {
  readonly time: Pick<VirtualTime, "now" | "sleep">;
  readonly faults: Faults;
  readonly random: Random;
  /** After so many milliseconds it is killed, whatever it is at. */
  readonly limitMs: number;
  /** By how much its clock is wrong. */
  readonly skewMs: number;
}

const LATE_MS = 100_000;

/** Begins a life. */
export function aLife({ time, faults, random, limitMs, skewMs }: LifeOptions): Life {
  const end = time.now() + limitMs;
  let isDead = false;
  let die = (_: undefined) => {};
  const death = new Promise<undefined>((resolve) => {
    die = resolve;
  });

  /** What a dead process waits for. */
  function nothing(): Promise<never> {
    isDead = true;
    die(undefined);
    return new Promise(() => {});
  }

  async function pass(ms: number): Promise<void> {
    if (isDead) return nothing();
    await time.sleep(ms);
    if (time.now() >= end) return nothing();
  }

  async function perform<Result>(boundary: string, work: () => Promise<Result>): Promise<Result> {
    await pass(random.integer(1, 80));
    const kind = faults.draw(boundary);
    if (kind === "dies before") return nothing();
    if (kind === "done late" || kind === "hangs before") await pass(random.between(0, LATE_MS));
    if (kind === "fails before" || kind === "hangs before") throw new Error(`${boundary} failed`);
    const result = await work();
    if (kind === "dies after") return nothing();
    if (kind === "answered late" || kind === "hangs after") await pass(random.between(0, LATE_MS));
    if (kind === "fails after" || kind === "hangs after") throw new Error(`${boundary} failed`);
    return result;
  }

  return {
    clock: { now: () => new Date(time.now() + skewMs), sleep: pass },
    death,
    remainingMs: () => end - time.now(),
    perform,
  };
}

/** `archive` as a process of that life sees it. */
export function archiveIn({ perform }: Life, name: string, archive: Archive): Archive {
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

/** `memories` as a process of that life sees them. */
export function memoriesIn({ perform }: Life, memories: Memories): Memories {
  return {
    add: (memory) => perform("memories add", () => memories.add(memory)),
    forget: (...args) => perform("memories forget", () => memories.forget(...args)),
  };
}

/** `recordings` as a process of that life sees them. */
export function recordingsIn({ perform }: Life, recordings: RecordingSource): RecordingSource {
  return { recording: (conversationId) => perform("recordings get", () => recordings.recording(conversationId)) };
}
