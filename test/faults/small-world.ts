import { Readable } from "node:stream";
import { readEvent } from "../../handlers/call/event.ts";
import { rawKey } from "../../handlers/call/keys.ts";
import type { Archive } from "../../handlers/clients/archive/archive.ts";
import type { Memories, Memory } from "../../handlers/clients/memory/memories.ts";
import { type ProcessDeps, processObject } from "../../handlers/process/process.ts";
import { memoryArchive } from "../support/doubles/memory-archive.ts";
import { RECEIVED } from "../support/fixtures/world.ts";
import type { WorldState } from "./invariants.ts";
import { observedBucket } from "./observed-bucket.ts";

/** Hooks around the effects of a processor, which are counted from 0. A hook may throw or wait. */
export interface Watch {
  readonly beforeEffect?: (effect: number) => Promise<void> | void;
  readonly afterEffect?: (effect: number) => Promise<void> | void;
  readonly beforeRead?: () => void;
}

/** The callers of this world, and the recordings that ElevenLabs has. */
export interface SmallWorldOptions {
  readonly callers: ReadonlyMap<string, string>;
  readonly recordings: ReadonlyMap<string, Buffer>;
  /** The time when processing begins, in milliseconds since 1970. By default two days after the calls. */
  readonly begins?: number;
  /** How much later ElevenLabs has the recordings. By default 0. */
  readonly readyAfterMs?: number;
}

export type SmallWorld = ReturnType<typeof smallWorld>;

/** Two days after the calls, so that each write adds a dirty marker, too. */
const NOW = new Date("2026-11-22T10:00:00Z").getTime();

/** The time limit of an invocation, and half a minute. */
const LEASE_SECONDS = 330;

/** Creates an archive with a hook at each effect of its processors: a put, a delete, an added or deleted memory. */
export function smallWorld({ callers, recordings, begins = NOW, readyAfterMs = 0 }: SmallWorldOptions) {
  const bucket = observedBucket(() => {});
  const analytics = memoryArchive();
  const all: Memory[] = [];
  const answered: WorldState["answered"][number][] = [];
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

  const state: WorldState = {
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
    state,
    /** Puts `body` as the receiver does, or under `key` as `source` does, and returns its key. */
    async put(
      body: Buffer,
      source: "webhook" | "api" | "person" = "webhook",
      key = rawKey(readEvent(body), body, undefined),
    ) {
      const metadata = source === "person" ? {} : { source, "received-at": RECEIVED };
      await bucket.put(key, body, { metadata });
      if (source === "webhook") answered.push({ key, webhook: { body } });
      return key;
    },
    /** Processes the object at `key` once, with a new processor. */
    process: (key: string, watch: Watch = {}) => processObject(key, processing(watch)),
    pass(ms: number) {
      now += ms;
    },
  };
}
