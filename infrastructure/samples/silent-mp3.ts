import { framesIn, mp3File } from "./mp3-file.ts";

/** An MP3 of `seconds` of silence, to the nearest frame (26 ms), with 16 kB a second. */
export function silentMp3({ seconds, title }: { seconds: number; title: string }): Buffer {
  return mp3File(title, framesIn(seconds), new Map());
}
