import { inTurn } from "../../handlers/clients/in-turn.ts";

/** Runs tasks that need much memory one at a time, in the order of their calls. */
export interface LargeWork {
  run<Result>(task: () => Promise<Result>): Promise<Result>;
  /** How many tasks wait for the running one. */
  readonly waiting: number;
}

/** Returns a `LargeWork` without tasks. */
export function largeWork(): LargeWork {
  const oneAtATime = inTurn();
  let waiting = 0;

  return {
    run(task) {
      waiting += 1;
      return oneAtATime("large", () => {
        waiting -= 1;
        return task();
      });
    },
    get waiting() {
      return waiting;
    },
  };
}
