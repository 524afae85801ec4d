import { pauseBefore, type RetryPolicy } from "../../handlers/clients/retry-policy.ts";

/** A queue of keys. Several keys run at once, but each key only once at a time. Failures are retried later. */
export interface Queue {
  /** Queues `key`. Adding a key that already waits changes nothing. */
  add(key: string): void;
  /** How many keys wait, run, or wait for a retry. */
  readonly pending: number;
  /** Resolves when nothing is pending. */
  idle(): Promise<void>;
  /** Resolves when `key` is not pending, or when the queue stops. */
  settled(key: string): Promise<void>;
  /** Starts no more work, and resolves when running work has ended. */
  stop(): Promise<void>;
}

export interface QueueOptions {
  readonly work: (key: string) => Promise<void>;
  /** Keys of one group never run at the same time. */
  readonly groupOf: (key: string) => string;
  readonly concurrency: number;
  /** The pauses before retries. */
  readonly pauses: RetryPolicy;
  /** How many retries may follow the first try. */
  readonly retries: number;
  /** Whether the error is permanent, so that no retry can help. */
  readonly isFinal: (error: unknown) => boolean;
  /** Called with each failure, and with the milliseconds until the next try, or `null` after the last. */
  readonly onFailure: (key: string, error: unknown, attempt: number, retryInMs: number | null) => Promise<void>;
}

interface Entry {
  state: "waiting" | "running" | "delayed";
  attempt: number;
  /** The key was added while it ran, so it may have read old data and runs again. */
  again: boolean;
  timer?: NodeJS.Timeout;
}

/** A queue in memory. Its keys are lost when the process ends; recovery at the next start finds them again. */
export function queue(options: QueueOptions): Queue {
  const entries = new Map<string, Entry>();
  const busyGroups = new Set<string>();
  const running = new Set<Promise<void>>();
  let idleWaiters: (() => void)[] = [];
  const keyWaiters = new Map<string, (() => void)[]>();
  let stopped = false;

  function add(key: string): void {
    const entry = entries.get(key);
    if (entry?.state === "running") entry.again = true;
    else if (entry?.state !== "waiting") wait(key, 1);
    startWaiting();
  }

  function wait(key: string, attempt: number): void {
    clearTimeout(entries.get(key)?.timer);
    entries.set(key, { state: "waiting", attempt, again: false });
  }

  function startWaiting(): void {
    for (const [key, entry] of entries) {
      if (stopped || running.size >= options.concurrency) return;
      if (entry.state !== "waiting" || busyGroups.has(options.groupOf(key))) continue;
      entry.state = "running";
      const task: Promise<void> = run(key, entry).finally(() => {
        running.delete(task);
        startWaiting();
      });
      running.add(task);
    }
  }

  async function run(key: string, entry: Entry): Promise<void> {
    const group = options.groupOf(key);
    busyGroups.add(group);
    const error = await options.work(key).then(
      () => undefined,
      (thrown: unknown) => ({ thrown }),
    );
    const retryInMs = error && !entry.again ? await handleFailure(key, entry.attempt, error.thrown) : null;
    busyGroups.delete(group);
    if (entry.again) wait(key, 1);
    else if (retryInMs !== null) retryLater(key, entry.attempt, retryInMs);
    else {
      entries.delete(key);
      resolveKey(key);
    }
    if (entries.size === 0) resolveIdle();
  }

  /** Reports a failure, and returns the milliseconds until the next try. The key is pending until it was reported. */
  async function handleFailure(key: string, attempt: number, error: unknown): Promise<number | null> {
    const isLast = attempt > options.retries || options.isFinal(error);
    const retryInMs = isLast ? null : pauseBefore(attempt - 1, options.pauses);
    // `onFailure` must handle its own errors. The queue continues after them.
    await options.onFailure(key, error, attempt, retryInMs).catch(() => {});
    return retryInMs;
  }

  function retryLater(key: string, attempt: number, delay: number): void {
    const timer = setTimeout(() => {
      wait(key, attempt + 1);
      startWaiting();
    }, delay);
    entries.set(key, { state: "delayed", attempt, again: false, timer });
  }

  function resolveIdle(): void {
    for (const resolve of idleWaiters) resolve();
    idleWaiters = [];
  }

  function resolveKey(key: string): void {
    for (const resolve of keyWaiters.get(key) ?? []) resolve();
    keyWaiters.delete(key);
  }

  return {
    add,
    get pending() {
      return entries.size;
    },
    idle: () => (entries.size === 0 ? Promise.resolve() : new Promise((resolve) => idleWaiters.push(resolve))),
    settled: (key) =>
      stopped || !entries.has(key)
        ? Promise.resolve()
        : new Promise((resolve) => keyWaiters.set(key, [...(keyWaiters.get(key) ?? []), resolve])),
    async stop() {
      stopped = true;
      await Promise.all(running);
      for (const { timer } of entries.values()) clearTimeout(timer);
      for (const key of keyWaiters.keys()) resolveKey(key);
    },
  };
}
