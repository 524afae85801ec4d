import type { SampleBodies, SampleCall } from "./sample-calls.ts";

/** One webhook of a sample call, ready to be posted. */
export interface SampleDelivery {
  readonly call: SampleCall;
  readonly webhook: keyof SampleBodies;
  readonly body: string;
}

/**
 * Every webhook of `calls`, in an order that ElevenLabs may also use: the audio of every second call comes before its
 * transcription, and every third call is delivered again at the end.
 */
export function sampleDeliveries(calls: readonly SampleCall[]): SampleDelivery[] {
  const once = calls.map((call, index) => (index % 2 === 0 ? webhooks(call) : webhooks(call).toReversed()));
  return [...once.flat(), ...once.filter((_, index) => index % 3 === 0).flat()];
}

function webhooks(call: SampleCall): SampleDelivery[] {
  const { transcription, audio, failure } = call.bodies;
  return (
    [
      ["transcription", transcription],
      ["audio", audio],
      ["failure", failure],
    ] as const
  ).flatMap(([webhook, body]) => (body === undefined ? [] : [{ call, webhook, body }]));
}
