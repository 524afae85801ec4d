import type { Call } from "../api/queries.ts";

/** Why a call has no audio, and what that means. */
export interface Absence {
  readonly title: string;
  readonly text: string;
}

const REASONS: Readonly<Record<string, Absence>> = {
  off: {
    title: "Nothing was recorded",
    text: "Recording was off for this call, or it was shorter than a second.",
  },
  waiting: {
    title: "The recording is not here yet",
    text: "ElevenLabs has not produced it yet. The archive requests it again.",
  },
  not_produced: {
    title: "There is no recording",
    text: "A day after the call, ElevenLabs still had none.",
  },
  deleted: {
    title: "The recording is gone",
    text: "ElevenLabs no longer has the conversation, so its recording cannot be fetched.",
  },
  not_decodable: {
    title: "The recording cannot be played",
    text: "What ElevenLabs sent is not an MP3. The delivery in the archive has its bytes.",
  },
};

/** Why a call has no recording; `undefined` if it has one. */
export function absenceOf({ conversation, recording, archive }: Call): Absence | undefined {
  if (recording) return undefined;
  if (conversation.status === "initiation_failure")
    return {
      title: "There was no call",
      text: `The attempt failed before anything was said (${conversation.failure_reason ?? "no reason was sent"}). There is no audio and no transcript.`,
    };
  if (conversation.text_only) return { title: "This was a chat", text: "It was typed, so there is no audio." };
  const known = REASONS[conversation.recording_absence ?? ""];
  if (known) return known;
  const step = archive.steps.find((each) => each.step === "audio");
  if (step?.state === "failed")
    return { title: "The recording could not be stored", text: step.reason ?? "The next run tries again." };
  if (step?.state === "open") return { title: "The recording is not here yet", text: "The archive waits for it." };
  return {
    title: "There is no recording here",
    text: "ElevenLabs sent none, or it was deleted. npm run doctor and npm run verify state what is missing.",
  };
}
