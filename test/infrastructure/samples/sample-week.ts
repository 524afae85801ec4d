import { at, list } from "../../../handlers/call/json.ts";
import { type SampleCall, SHOWCASE_COUNT, sampleCalls } from "../../../infrastructure/samples/sample-calls.ts";

export const UNTIL = new Date("2026-11-23T17:30:00Z");

/** A week: the showcase and 200 calls of ordinary days. */
export const WEEK: readonly SampleCall[] = sampleCalls({ count: SHOWCASE_COUNT + 200, seed: 7, until: UNTIL });

export const SHOWCASE: readonly SampleCall[] = WEEK.slice(0, SHOWCASE_COUNT);

/** The calls that have a transcription, with its `data`. */
export const ANSWERED = WEEK.flatMap((call) => {
  const { transcription } = call.bodies;
  return transcription === undefined ? [] : [{ call, data: at(JSON.parse(transcription), "data") }];
});

/** The parsed transcription or failure of the first showcase call whose description contains `words`. */
export function shown(words: string): unknown {
  const call = SHOWCASE.find(({ shows }) => shows.includes(words));
  return JSON.parse(call?.bodies.transcription ?? call?.bodies.failure ?? "null");
}

/** The texts of all bodies of `call`. */
export function bodiesOf({ bodies }: SampleCall): string[] {
  return [bodies.transcription, bodies.audio, bodies.failure].filter((body) => body !== undefined);
}

export function turnsOf(data: unknown): readonly unknown[] {
  return list(at(data, "transcript"));
}

export function toolCallsOf(data: unknown): readonly unknown[] {
  return turnsOf(data).flatMap((turn) => list(at(turn, "tool_calls")));
}

export function toolResultsOf(data: unknown): readonly unknown[] {
  return turnsOf(data).flatMap((turn) => list(at(turn, "tool_results")));
}
