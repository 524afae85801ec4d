/** Time that passes only when nobody has anything to do: hours of it in seconds, in the same order each time. */
export interface VirtualTime {
  /** Milliseconds since 1970. */
  now(): number;
  /** Has `task` begin after so many milliseconds. What it throws ends the run. */
  later(ms: number, task: () => unknown): void;
  /** Waits, in a task. Others go on meanwhile. */
  sleep(ms: number): Promise<void>;
  /** Lets time pass until nothing is left to happen. */
  run(): Promise<void>;
}

interface Due {
  readonly at: number;
  readonly begin: () => void;
}

/**
 * A clock and what is due on it.
 *
 * One task is awake at a time: the next one begins when it sleeps or ends, also where it waits for a real server in
 * between. So a run depends on nothing but what is drawn in it. A task must not sleep twice at the same time.
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
