import { inTurn } from "../../handlers/clients/in-turn.ts";

/** Work that takes much memory for a while: one task at a time, in the order in which they came. */
export interface LargeWork {
  run<Result>(task: () => Promise<Result>): Promise<Result>;
  /** How many tasks wait for the one that runs. */
  readonly waiting: number;
}

/** Nothing is running yet. */
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
