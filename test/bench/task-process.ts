import { TASKS, type TaskName } from "./tasks.ts";

/* Runs one task, and prints its results as JSON: `node test/bench/task-process.ts NAME OPTIONS`. */

const [name = "", options = "{}"] = process.argv.slice(2);
const isTask = (text: string): text is TaskName => text in TASKS;
if (!isTask(name)) throw new Error(`${name} is no task`);
process.stdout.write(JSON.stringify(await TASKS[name](JSON.parse(options))));
