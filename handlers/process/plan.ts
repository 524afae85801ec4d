import { callerOf } from "../call/caller.ts";
import type { KnownEvent } from "../call/event.ts";
import { agentId } from "../call/event-fields.ts";
import { dayOfReceipt } from "../call/rows/day.ts";
import { callRows, failureRows, setApartRows } from "../call/rows/table-rows.ts";
import { callAudio, deliveredAudio } from "./audio-steps.ts";
import type { ConversationIndex } from "./conversation-index.ts";
import { memoriesOf } from "./memories-of.ts";
import { provenanceOf } from "./provenance-of.ts";
import { memoryIntent, replaceMemories } from "./remember.ts";
import { rowsOfCallAt, rowsStep, rowsTo } from "./row-steps.ts";
import type { Plan, Stores, Task } from "./task.ts";

/** How to process `task`, given what is on record of its conversation. */
export function planFor(task: Task, index: ConversationIndex, stores: Stores): Plan {
  const { name, event } = task;
  if (name.kind === "apart" || event.kind === "other") return apartPlan(task, index, stores);
  const known = { ...task, event };
  if (event.kind === "audio") return audioPlan(known, index, stores);
  return event.kind === "failure" ? failurePlan(known, index, stores) : callPlan(known, index, stores);
}

function callPlan(task: Task<KnownEvent>, index: ConversationIndex, stores: Stores): Plan {
  const { event, object, remaining } = task;
  const to = rowsTo(task, stores);
  // The audio step comes first, and the rows show what came of it.
  let absent = index.recording;
  const { memoryUserId } = callerOf(event);
  const memories = memoryUserId === null || !stores.memories ? [] : memoriesOf(event, memoryUserId);
  return {
    intent: {
      home: { key: object.key, day: to.day, agent_id: agentId(event.body) },
      days: union(index.days, to.day),
      ...(stores.memories && remaining.includes("memory") && { memory: memoryIntent(index.memory, memories) }),
    },
    steps: {
      audio: async () => {
        const result = await callAudio(task, index, stores);
        absent = result.change.recording;
        return result;
      },
      rows: () => rowsStep(callRows(event, provenanceOf(task), absent?.state), index, to),
      memory: async () => {
        if (!stores.memories) return {};
        const { conversationId } = event;
        const { memory, refusal } = await replaceMemories(memories, index.memory, conversationId, stores.memories);
        const wrote = { memories: memories.length - (memory?.refused?.length ?? 0) };
        return { change: { memory }, wrote, ...(refusal && { failure: refusal }) };
      },
    },
  };
}

/**
 * Once there is a transcription, the call's rows are its own: an attempt has no say in it any more. They are written
 * again, since a processor that lost its lease over the attempt may have written over them.
 */
function failurePlan(task: Task<KnownEvent>, index: ConversationIndex, stores: Stores): Plan {
  const to = rowsTo(task, stores);
  const { home } = index;
  if (home) return { intent: {}, steps: { rows: () => rowsOfCallAt(home.key, index, stores) } };
  return {
    intent: { days: union(index.days, to.day) },
    steps: {
      rows: () => rowsStep(failureRows(task.event, provenanceOf(task)), index, to),
    },
  };
}

/** What was set apart has a row, on the day of its receipt, and nothing else: nobody knows what it is. */
function apartPlan(task: Task, index: ConversationIndex, { analytics, now }: Stores): Plan {
  const from = provenanceOf(task);
  const to = { analytics, now, conversation: task.name.conversation, day: dayOfReceipt(from.receivedAt) };
  return {
    intent: { days: union(index.days, to.day) },
    steps: { rows: () => rowsStep(setApartRows(task.event, from), index, to) },
  };
}

/** Audio that comes before its transcription waits where it is: the transcription's processor will look for it. */
function audioPlan(task: Task<KnownEvent>, index: ConversationIndex, stores: Stores): Plan {
  return { intent: {}, steps: { audio: () => deliveredAudio(task, index, stores) } };
}

function union(days: readonly string[], day: string): string[] {
  return [...new Set([...days, day])];
}
