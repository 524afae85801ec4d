import { Readable } from "node:stream";
import { readEvent } from "../../handlers/call/event.ts";
import { rawKey } from "../../handlers/call/keys.ts";
import type { Archive } from "../../handlers/clients/archive/archive.ts";
import type { Memories, Memory } from "../../handlers/clients/memory/memories.ts";
import { type ProcessDeps, processObject } from "../../handlers/process/process.ts";
import { memoryArchive } from "../support/doubles/memory-archive.ts";
import { RECEIVED } from "../support/fixtures/world.ts";
import type { Kept } from "./invariants.ts";
import { observedBucket } from "./observed-bucket.ts";

/** What somebody does about the effects of a processor, which are counted from 0: throws, or waits. */
export interface Watch {
  readonly beforeEffect?: (effect: number) => Promise<void> | void;
  readonly afterEffect?: (effect: number) => Promise<void> | void;
  readonly beforeRead?: () => void;
}

/** Who a call of this world is with, and what is recorded of it at ElevenLabs. */
export interface SmallWorldOptions {
  readonly callers: ReadonlyMap<string, string>;
  readonly recordings: ReadonlyMap<string, Buffer>;
  /** When processing begins, in milliseconds since 1970; two days after the calls, if it is not said. */
  readonly begins?: number;
  /** So much later ElevenLabs has produced the recordings; at once, if it is not said. */
  readonly readyAfterMs?: number;
}

export type SmallWorld = ReturnType<typeof smallWorld>;

/** The day after the next: what is written then is marked for the compactor, too. */
const NOW = new Date("2026-11-22T10:00:00Z").getTime();

/** As long as an invocation may take, and half a minute. */
const LEASE_SECONDS = 330;

/** An archive whose processors can be watched at each effect: each put, delete, and memory added or deleted. */
export function smallWorld({ callers, recordings, begins = NOW, readyAfterMs = 0 }: SmallWorldOptions) {
  const bucket = observedBucket(() => {});
  const analytics = memoryArchive();
  const all: Memory[] = [];
  const answered: Kept["answered"][number][] = [];
  let now = begins;
  let processors = 0;

  function processing({ beforeEffect, afterEffect, beforeRead }: Watch): ProcessDeps {
    let effects = 0;
    async function effect<Result>(work: () => Promise<Result> | Result): Promise<Result> {
      const mine = effects;
      effects += 1;
      await beforeEffect?.(mine);
      const result = await work();
      await afterEffect?.(mine);
      return result;
    }
    async function read<Result>(work: () => Promise<Result> | Result): Promise<Result> {
      beforeRead?.();
      return work();
    }
    const watched = (archive: Archive): Archive => ({
      ...archive,
      put: (...args) => effect(() => archive.put(...args)),
      delete: (key) => effect(() => archive.delete(key)),
      get: (key) => read(() => archive.get(key)),
      head: (key) => read(() => archive.head(key)),
    });
    const memories: Memories = {
      add: (memory) =>
        effect(() => {
          all.push(memory);
          return "added" as const;
        }),
      async forget(userId, conversationId) {
        const isMeant = (each: Memory) => each.user_id === userId && each.conversation_id === conversationId;
        for (let found = await read(() => all.find(isMeant)); found; found = await read(() => all.find(isMeant))) {
          const memory = found;
          await effect(() => {
            if (all.includes(memory)) all.splice(all.indexOf(memory), 1);
          });
        }
      },
    };
    const fetched = async (id: string) => {
      const mp3 = now >= begins + readyAfterMs ? recordings.get(id) : undefined;
      return mp3 && Readable.from([mp3]);
    };
    processors += 1;
    return {
      archive: watched(bucket),
      analytics: watched(analytics),
      memories,
      recordings: { recording: (id) => read(() => fetched(id)) },
      leaseOptions: { holder: `processor-${processors}`, seconds: LEASE_SECONDS, isExclusive: false },
      now: () => new Date(now),
    };
  }

  const kept: Kept = {
    bucket,
    analytics,
    memories: () => all,
    answered,
    recordings,
    callers,
    lines: [],
    secrets: [],
  };

  return {
    kept,
    /** Puts `body` as the receiver does, or under `key` as `source` does, and answers its key. */
    async put(body: Buffer, source: "webhook" | "api" | "person" = "webhook", key = rawKey(readEvent(body), body)) {
      const metadata = source === "person" ? {} : { source, "received-at": RECEIVED };
      await bucket.put(key, body, { metadata });
      if (source === "webhook") answered.push({ key, webhook: { body } });
      return key;
    },
    /** Has one processor process what is at `key`, once. */
    process: (key: string, watch: Watch = {}) => processObject(key, processing(watch)),
    pass(ms: number) {
      now += ms;
    },
  };
}
