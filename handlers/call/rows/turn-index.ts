import { at } from "../json.ts";

/** The highest index that the tables' columns hold. */
const HIGHEST = 2 ** 31 - 1;

/** Whether `value` can be the index of a turn. */
export function isTurnIndex(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= HIGHEST;
}

/** The index of a transcript entry: the one that it states, as the turns of spans do; else its place in the list. */
export function turnIndex(turn: unknown, place: number): number {
  const index = at(turn, "turn_index");
  return isTurnIndex(index) ? index : place;
}
