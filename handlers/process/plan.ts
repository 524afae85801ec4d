import { dateOfHour } from "../../queries/tables/utc-date.ts";
import { callerOf } from "../call/caller.ts";
import type { KnownEvent } from "../call/event.ts";
import { agentId } from "../call/event-fields.ts";
import { mp3Key } from "../call/keys.ts";
import type { KindRole } from "../call/kinds/kind.ts";
import { isKnown, KINDS, rowsOf } from "../call/kinds/registry.ts";
import { recordingRows } from "../call/rows/table-rows.ts";
import { storeCallAudio, storeDeliveredAudio } from "./audio-steps.ts";
import { memoriesOf } from "./call-memories.ts";
import type { ConversationIndex } from "./conversation-index.ts";
import { provenanceOf } from "./object-provenance.ts";
import { memoryIntent, replaceMemories } from "./remember.ts";
import { rowsOfCallAt, rowsTo, writeRows } from "./row-steps.ts";
import type { Plan, Stores, Task } from "./task.ts";

/** The plan of an object, by its role in the conversation. */
const PLANS: Readonly<
  Record<Exclude<KindRole, "alone">, (task: Task<KnownEvent>, index: ConversationIndex, stores: Stores) => Plan>
> = { call: callPlan, attempt: attemptPlan, beside: besidePlan };

/** How to process `task`, according to the index of its conversation. */
export function planFor(task: Task, index: ConversationIndex, stores: Stores): Plan {
  const { name, event } = task;
  const { role } = KINDS[name.kind];
  if (role === "alone" || !isKnown(event)) return alonePlan(task, index, stores);
  return PLANS[role]({ ...task, event }, index, stores);
}

function callPlan(task: Task<KnownEvent>, index: ConversationIndex, stores: Stores): Plan {
  const { name, event, object, remaining } = task;
  const to = rowsTo(task, index, stores);
  // The audio step is first, because the rows contain why there is no recording.
  let absent = index.recording;
  const { memoryUserId } = callerOf(event, stores.defaultCountryCode);
  const memories = memoryUserId === null || !stores.memories ? [] : memoriesOf(event, memoryUserId);
  return {
    intent: {
      home: {
        key: object.key,
        day: dateOfHour(to.hour),
        hour: to.hour.slice(11) || undefined,
        agent_id: agentId(event.body),
      },
      hours: union(index.hours, to.hour),
      ...(stores.memories && remaining.includes("memory") && { memory: memoryIntent(index.memory, memories) }),
    },
    steps: {
      audio: async () => {
        const result = await storeCallAudio(task, index, stores);
        absent = result.change.recording;
        return result;
      },
      rows: async () => {
        const rows = rowsOf(name.kind, event, provenanceOf(task, index), absent?.state);
        // The other steps do not write the row of the recording again, and the one under another hour is deleted.
        const isMoved = index.hours.some((hour) => hour !== to.hour);
        const ofRecording = isMoved ? recordingRows(event, await stores.archive.head(mp3Key(object.key))) : [];
        return writeRows([...rows, ...ofRecording], index, to);
      },
      memory: async () => {
        if (!stores.memories) return {};
        const { conversationId } = event;
        const { memory, refusal } = await replaceMemories(memories, index.memory, conversationId, stores.memories);
        const written = { memories: memories.length - (memory?.refused?.length ?? 0) };
        return { change: { memory }, written, ...(refusal && { failure: refusal }) };
      },
    },
  };
}

/**
 * The plan of an attempt. If there is a transcription, its rows are written, not those of the attempt: a processor of
 * the attempt that lost its lease may have replaced them.
 */
function attemptPlan(task: Task<KnownEvent>, index: ConversationIndex, stores: Stores): Plan {
  const { home } = index;
  if (home) return { intent: {}, steps: { rows: () => rowsOfCallAt(home.key, index, stores) } };
  return alonePlan(task, index, stores);
}

/** The plan of an object that is a separate conversation: its rows, under the hour of its kind. */
function alonePlan(task: Task, index: ConversationIndex, stores: Stores): Plan {
  const { name, event } = task;
  const to = rowsTo(task, index, stores);
  return {
    intent: { hours: union(index.hours, to.hour) },
    steps: { rows: () => writeRows(rowsOf(name.kind, event, provenanceOf(task, index)), index, to) },
  };
}

/** The plan of an audio event. If it arrives first, its MP3 is stored when the transcription is processed. */
function besidePlan(task: Task<KnownEvent>, index: ConversationIndex, stores: Stores): Plan {
  return { intent: {}, steps: { audio: () => storeDeliveredAudio(task, index, stores) } };
}

function union(hours: readonly string[], hour: string): string[] {
  return [...new Set([...hours, hour])];
}
