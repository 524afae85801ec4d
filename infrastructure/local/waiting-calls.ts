/** Calls that wait for their recordings, by key, each until its time. They are not pending: nobody waits for them. */
export interface WaitingCalls {
  /** Has `onDue` called for `key` once it is `at`. Replaces an earlier time. */
  add(key: string, at: Date): void;
  /** Forgets `key`. One that does not wait is no error. */
  remove(key: string): void;
  has(key: string): boolean;
  readonly count: number;
  /** Calls nothing any more. */
  stop(): void;
}

/** How often the clock is looked at while a call waits. A machine that was asleep has missed no time. */
const CHECK_MS = 1_000;

/** Waiting calls of this process: one timer for all of them, which keeps no process alive. */
export function waitingCalls(now: () => Date, onDue: (key: string) => void): WaitingCalls {
  const times = new Map<string, Date>();
  let timer: NodeJS.Timeout | undefined;

  function check(): void {
    for (const [key, at] of times) {
      if (at > now()) continue;
      remove(key);
      onDue(key);
    }
  }

  function remove(key: string): void {
    times.delete(key);
    if (times.size === 0) stop();
  }

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
  }

  return {
    add(key, at) {
      times.set(key, at);
      timer ??= setInterval(check, CHECK_MS).unref();
    },
    remove,
    has: (key) => times.has(key),
    get count() {
      return times.size;
    },
    stop,
  };
}
