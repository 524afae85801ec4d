import type { AnsweredPlan } from "./call-plan.ts";
import type { Details } from "./details.ts";
import type { Random } from "./random.ts";
import type { Timeline } from "./timeline.ts";

/** A call with its generated ids, words and times: everything that its bodies are made from. */
export interface Call {
  readonly plan: AnsweredPlan;
  readonly conversationId: string;
  readonly startedAt: Date;
  /** When ElevenLabs sends its bodies: a few seconds after the end. */
  readonly sentAt: Date;
  readonly timeline: Timeline;
  readonly details: Details;
  readonly random: Random;
}
