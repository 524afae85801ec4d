import type { Speech } from "./course.ts";
import { speechAt } from "./course.ts";
import type { Loudness } from "./loudness.ts";

/** A bar of a lane. `height` is a share of the lane. */
export interface Bar {
  readonly x: number;
  readonly lane: "agent" | "caller";
  readonly height: number;
}

/** The distance and the width of bars, in pixels. */
const STEP = 3;
const BAR = 2;

/** The height where the loudness is not known. */
const UNKNOWN = 0.42;
/** Quieter parts have no bar, as a share of the loudest part. */
const QUIET = 0.03;

/**
 * The bars of a call in `width` pixels. Who speaks is from the transcript: the one whose turn began last. How loud is
 * from the recording. Where that was not read, the bars of a turn are equal and end with its estimated end. Without a
 * transcript, all bars are below the line.
 */
export function barsOf(speech: readonly Speech[], length: number, width: number, loudness?: Loudness): Bar[] {
  const bars: Bar[] = [];
  for (let x = 0; x + BAR <= width; x += STEP) {
    const [from, to] = [(x / width) * length, ((x + STEP) / width) * length];
    const said = speech[speechAt(speech, to)];
    const level = loudness && meanLevel(loudness, from / length, to / length);
    const height = level === undefined ? (isWithin(said, from, to) ? UNKNOWN : 0) : heightOf(level);
    if (height > 0) bars.push({ x, lane: said?.turn.role === "agent" ? "agent" : "caller", height });
  }
  return bars;
}

function isWithin(said: Speech | undefined, from: number, to: number): boolean {
  return said !== undefined && said.end > from && said.start < to;
}

function heightOf(level: number): number {
  return level < QUIET ? 0 : Math.min(1, level ** 0.8 * 1.15);
}

/** The mean level between two shares of a recording, as a share of its loudest part; `undefined` if not read yet. */
function meanLevel({ levels, loudest }: Loudness, from: number, to: number): number | undefined {
  const [begin, end] = [Math.floor(from * levels.length), Math.min(levels.length, Math.ceil(to * levels.length))];
  let sum = 0;
  for (let at = begin; at < end; at++) sum += levels[at] || 0;
  const isRead = !Number.isNaN(levels[Math.max(0, end - 1)]);
  return isRead && loudest > 0 && end > begin ? sum / (end - begin) / loudest : undefined;
}

/** The bars of one lane as a path. Agents are above the middle, callers below. */
export function lanePath(bars: readonly Bar[], lane: Bar["lane"], half: number): string {
  return bars
    .filter((bar) => bar.lane === lane)
    .map(({ x, height }) => {
      const tall = Math.max(1.5, height * (half - 3));
      return `M${x} ${lane === "agent" ? (half - tall - 1).toFixed(1) : half + 2}h${BAR}v${tall.toFixed(1)}h-${BAR}z`;
    })
    .join("");
}

/** One item for each place that can be distinguished. An important one replaces another. */
export function thinned<Item>(
  items: readonly Item[],
  placeOf: (item: Item) => number,
  isImportant: (item: Item) => boolean = () => false,
): { readonly item: Item; readonly x: number }[] {
  const places = new Map<number, { readonly item: Item; readonly x: number }>();
  for (const item of items) {
    const x = placeOf(item);
    const place = Math.floor(x / STEP);
    if (!places.has(place) || isImportant(item)) places.set(place, { item, x });
  }
  return [...places.values()].sort((one, other) => one.x - other.x);
}
