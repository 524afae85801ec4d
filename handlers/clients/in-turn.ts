/** Runs `task` when every earlier task for the same key has ended. Tasks for other keys do not wait. */
export type InTurn = <Result>(key: string, task: () => Promise<Result>) => Promise<Result>;

/** Returns a queue for each key: a task that reads, decides and writes under a key runs alone in this process. */
export function inTurn(): InTurn {
  const last = new Map<string, Promise<unknown>>();

  return async (key, task) => {
    const before = last.get(key) ?? Promise.resolve();
    const mine = before.then(task, task);
    last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (last.get(key) === mine) last.delete(key);
    }
  };
}
