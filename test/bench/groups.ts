import type { Group } from "./group.ts";
import { coldReceiver } from "./groups/cold-receiver.ts";
import { liveDay } from "./groups/live-day.ts";
import { processing } from "./groups/processing.ts";
import { questions } from "./groups/questions.ts";
import { readApi } from "./groups/read-api.ts";
import { recordings } from "./groups/recordings.ts";
import { start } from "./groups/start.ts";
import { throughput } from "./groups/throughput.ts";
import { warmReceive } from "./groups/warm-receive.ts";

/** Every group of rows, in the order of the page. */
export const GROUPS: readonly Group[] = [
  coldReceiver,
  warmReceive,
  processing,
  recordings,
  throughput,
  liveDay,
  readApi,
  questions,
  start,
];
