import { compaction, packing } from "./tasks/compaction.ts";
import { makeArchive, makeDay, makeLiveDay, makeRaw, makeTables } from "./tasks/make.ts";
import { processing } from "./tasks/processing.ts";
import { queries, rawQueries } from "./tasks/queries.ts";
import { readApi } from "./tasks/read-api.ts";
import { recording } from "./tasks/recording.ts";
import { verifyFloor } from "./tasks/verify-floor.ts";
import { warmReceive } from "./tasks/warm-receive.ts";

/** The arguments of a task. */
export type TaskOptions = Readonly<Record<string, string | number>>;

/** The results of a task: one or more values by name. */
export type TaskResult = Readonly<Record<string, readonly number[]>>;

/** Work that is measured, alone in its process. It returns its own times, so that its preparation does not count. */
export type Task = (options: TaskOptions) => Promise<TaskResult>;

/** Every task by its name. */
export const TASKS = {
  warmReceive,
  processing,
  recording,
  compaction,
  packing,
  queries,
  rawQueries,
  readApi,
  makeTables,
  makeRaw,
  makeDay,
  makeLiveDay,
  makeArchive,
  verifyFloor,
} satisfies Record<string, Task>;

export type TaskName = keyof typeof TASKS;

/** Runs a task by its name. */
export type RunTask = (name: TaskName, options: TaskOptions) => Promise<TaskResult>;

/** Runs a task in this process: for a test of the tasks. */
export const runHere: RunTask = (name, options) => TASKS[name](options);
