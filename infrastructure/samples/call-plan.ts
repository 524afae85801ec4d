import type { Connection } from "./connection.ts";
import type { Details } from "./details.ts";
import type { Person } from "./people.ts";
import type { Scenario } from "./scenario.ts";

/** What a call is to be, before its words, times and ids are drawn. */
export type CallPlan = AnsweredPlan | FailedPlan;

export interface AnsweredPlan {
  readonly outcome: "answered";
  /** What a reader can see in this call, in words. */
  readonly shows: string;
  readonly scenario: Scenario;
  readonly person: Person;
  readonly connection: Connection;
  /** What is known of the matter beforehand, where several calls are about one. */
  readonly details?: Details;
  /** How the recording comes: in the transcription's own body, in one of its own, or not at all. */
  readonly recording: "embedded" | "delivered" | "none";
  /** `bare` as delivered in 2025-11, without `event_timestamp` and `has_audio`; `dated` with both. */
  readonly shape: "bare" | "dated";
}

/** An attempt to reach somebody that never became a call. */
export interface FailedPlan {
  readonly outcome: "failed";
  readonly shows: string;
  readonly person: Person;
  readonly connection: Connection;
  readonly reason: "busy" | "no-answer";
}
