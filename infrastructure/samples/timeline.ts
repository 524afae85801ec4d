import type { Random } from "./random.ts";
import type { Scenario, ScenarioStep, ToolUse, Utterance } from "./scenario.ts";

/** A step of a script and the second of the call at which it begins. */
export interface Moment {
  readonly step: ScenarioStep;
  readonly startsAt: number;
  /** When it is over; for a tool, when its result arrives. */
  readonly endsAt: number;
}

export interface Timeline {
  readonly moments: readonly Moment[];
  /** Length of the call in whole seconds, never before the end of its last moment. */
  readonly durationSecs: number;
}

const WORDS_PER_SECOND = 3;

/** When each step of `scenario` happens: at the speed of speech, or of somebody who types. */
export function timeline({ steps, medium, ending }: Scenario, random: Random): Timeline {
  let clock = 0;
  const moments = steps.map((step, index): Moment => {
    const startsAt = clock + (index === 0 ? 0 : pause(step, medium, random));
    clock = startsAt + length(step, medium, random);
    return { step, startsAt, endsAt: clock };
  });
  const seconds = /after (\d+) seconds/.exec(ending ?? "")?.[1];
  return { moments, durationSecs: Math.ceil(clock + Number(seconds ?? random.between(0.3, 1.5))) };
}

function pause(step: ScenarioStep, medium: Scenario["medium"], random: Random): number {
  if (step.kind === "tool") return random.between(0.1, 0.3);
  if (step.role === "agent") return random.between(0.5, 1.1);
  return medium === "text" ? random.between(6, 45) : random.between(0.2, 0.6);
}

function length(step: ScenarioStep, medium: Scenario["medium"], random: Random): number {
  if (step.kind === "tool") return toolSeconds(step, random);
  return medium === "text" ? 0 : wordsSpoken(step) / WORDS_PER_SECOND;
}

/** A tool that answers is never twice equally fast. One that does not takes as long as its error says. */
function toolSeconds({ latencySecs, error }: ToolUse, random: Random): number {
  return error ? latencySecs : latencySecs * random.between(0.8, 1.3);
}

function wordsSpoken({ text, heard }: Utterance): number {
  return (heard ?? text).split(/\s+/).length;
}
