import type { Connection } from "./connection.ts";
import type { Details } from "./details.ts";
import type { Person } from "./people.ts";
import type { Scenario } from "./scenario.ts";

/** The plan of a call, from which its words, times and ids are generated. */
export type CallPlan = AnsweredPlan | FailedPlan;

export interface AnsweredPlan {
  readonly outcome: "answered";
  /** A description of the features that this call shows. */
  readonly shows: string;
  readonly scenario: Scenario;
  readonly person: Person;
  readonly connection: Connection;
  /** Fixed details, for several calls about the same matter. */
  readonly details?: Details;
  /** How the recording is delivered: in the transcription's body, as audio, or not at all. */
  readonly recording: "embedded" | "delivered" | "none";
  /** `bare` has no `event_timestamp` and no `has_audio`, as delivered in 2025-11. `dated` has both. */
  readonly shape: "bare" | "dated";
}

/** An attempt to reach a person that did not become a call. */
export interface FailedPlan {
  readonly outcome: "failed";
  readonly shows: string;
  readonly person: Person;
  readonly connection: Connection;
  readonly reason: "busy" | "no-answer";
}
