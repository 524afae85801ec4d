/** A clock that advances only when every task sleeps: hours pass in seconds, in the same order each time. */
export interface VirtualTime {
  /** Milliseconds since 1970. */
  now(): number;
  /** Starts `task` after `ms` milliseconds. An error in it ends the run. */
  later(ms: number, task: () => unknown): void;
  /** Waits in a task, while others continue. */
  sleep(ms: number): Promise<void>;
  /** Advances the time until no task is left. */
  run(): Promise<void>;
}

interface Due {
  readonly at: number;
  readonly begin: () => void;
}

/**
 * Creates a clock with its tasks.
 *
 * One task is awake at a time. The next one begins when it sleeps or ends, also if it waits for a real server in
 * between. So a run depends only on its random numbers. A task must not sleep twice at the same time.
 */
export function virtualTime(start: Date): VirtualTime {
  const due: Due[] = [];
  let now = start.getTime();
  let asleep = () => {};
  let failure: { readonly error: unknown } | undefined;

  function at(time: number, begin: () => void) {
    const index = due.findLastIndex((each) => each.at <= time);
    due.splice(index + 1, 0, { at: time, begin });
  }

  async function ended(task: () => unknown) {
    try {
      await task();
    } catch (error) {
      failure ??= { error };
    } finally {
      asleep();
    }
  }

  return {
    now: () => now,
    later: (ms, task) => at(now + ms, () => void ended(task)),
    sleep(ms) {
      const woken = new Promise<void>((wake) => at(now + ms, wake));
      asleep();
      return woken;
    },
    async run() {
      for (let next = due.shift(); next && !failure; next = due.shift()) {
        now = next.at;
        const quiet = new Promise<void>((resolve) => {
          asleep = resolve;
        });
        next.begin();
        await quiet;
      }
      if (failure) throw failure.error;
    },
  };
}
