/** Calls that wait for their recordings, by key, each until its time. They are not pending. */
export interface WaitingCalls {
  /** Calls `onDue` with `key` at the time `at`. Replaces an earlier time. */
  add(key: string, at: Date): void;
  /** Removes `key`, if it waits. */
  remove(key: string): void;
  has(key: string): boolean;
  readonly count: number;
  /** Stops all calls of `onDue`. */
  stop(): void;
}

/** How often the clock is checked while a call waits. So a call is still on time after the machine was asleep. */
const CHECK_MS = 1_000;

/** Returns the waiting calls of this process. All share one timer, which does not keep the process alive. */
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
