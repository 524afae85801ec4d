import { soundSamples } from "./formant-synthesis.ts";
import { encodedFrames } from "./sound-encoder.ts";
import { SOUNDS, SPEAKERS } from "./sounds.ts";

/** The text of `sound-bank.json`: by speaker and sound, its frames in base64 with a space between them. */
export function soundBankText(): string {
  const voices = SPEAKERS.map((speaker) => {
    const sounds = SOUNDS.map((sound) => {
      const frames = encodedFrames(soundSamples(speaker, sound));
      return [sound, frames.map((frame) => frame.toString("base64")).join(" ")];
    });
    return [speaker, Object.fromEntries(sounds)];
  });
  return `${JSON.stringify(Object.fromEntries(voices), null, 2)}\n`;
}
