import type { Random } from "./random.ts";
import type { Scenario, ScenarioStep, ToolUse, Utterance } from "./scenario.ts";

/** A step of a script, with the seconds of the call at which it begins and ends. */
export interface Moment {
  readonly step: ScenarioStep;
  readonly startsAt: number;
  /** For a tool, when its result arrives. */
  readonly endsAt: number;
}

export interface Timeline {
  readonly moments: readonly Moment[];
  /** The length of the call in whole seconds, at least until the end of its last moment. */
  readonly durationSecs: number;
}

const WORDS_PER_SECOND = 3;

/** Plans when each step of `scenario` happens, at the speed of speech or of typing. */
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

/** The latency of a successful tool varies. That of a failed one is fixed, because its error message states it. */
function toolSeconds({ latencySecs, error }: ToolUse, random: Random): number {
  return error ? latencySecs : latencySecs * random.between(0.8, 1.3);
}

function wordsSpoken({ text, heard }: Utterance): number {
  return (heard ?? text).split(/\s+/).length;
}
