import { pauseBefore, type RetryPolicy } from "../../handlers/clients/retry-policy.ts";

/** Work on keys: each at most once at a time, several keys at once, failures again later. */
export interface Queue {
  /** Says that there is work on `key`. Saying it often while it waits is saying it once. */
  add(key: string): void;
  /** Keys waiting, being worked on, or waiting for their next try. */
  readonly pending: number;
  /** Resolves when nothing is pending. */
  idle(): Promise<void>;
  /** Starts nothing more, and resolves when what is running has ended. */
  stop(): Promise<void>;
}

export interface QueueOptions {
  readonly work: (key: string) => Promise<void>;
  /** Keys of one group are never worked on at the same time. */
  readonly groupOf: (key: string) => string;
  readonly concurrency: number;
  /** The pauses between two tries. */
  readonly pauses: RetryPolicy;
  /** How many tries may follow the first. After the last one it gives up. */
  readonly retries: number;
  /** Whether another try can help. */
  readonly isFinal: (error: unknown) => boolean;
  /** Told of each failure, with the milliseconds until the next try, or `null` if there will be none. */
  readonly onFailure: (key: string, error: unknown, attempt: number, retryInMs: number | null) => Promise<void>;
}

interface Entry {
  state: "waiting" | "running" | "delayed";
  attempt: number;
  /** Work came in while it was running: what it read may be out of date. */
  again: boolean;
  timer?: NodeJS.Timeout;
}

/** A queue in this process. What it holds is lost with the process; recovery finds it again. */
export function queue(options: QueueOptions): Queue {
  const entries = new Map<string, Entry>();
  const busyGroups = new Set<string>();
  const running = new Set<Promise<void>>();
  let idleWaiters: (() => void)[] = [];
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
    else entries.delete(key);
    if (entries.size === 0) resolveIdle();
  }

  /** Tells of a failure, and answers when to try again. Nothing stops being pending before it was told of. */
  async function handleFailure(key: string, attempt: number, error: unknown): Promise<number | null> {
    const isLast = attempt > options.retries || options.isFinal(error);
    const retryInMs = isLast ? null : pauseBefore(attempt - 1, options.pauses);
    // Who is told deals with what goes wrong in that. The queue goes on.
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

  return {
    add,
    get pending() {
      return entries.size;
    },
    idle: () => (entries.size === 0 ? Promise.resolve() : new Promise((resolve) => idleWaiters.push(resolve))),
    async stop() {
      stopped = true;
      await Promise.all(running);
      for (const { timer } of entries.values()) clearTimeout(timer);
    },
  };
}
