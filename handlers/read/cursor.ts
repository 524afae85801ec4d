import { parsedJson } from "../../queries/tables/parsed-json.ts";
import { isUtcDate } from "../../queries/tables/utc-date.ts";
import { sha256 } from "../call/digest.ts";
import { list } from "../call/json.ts";
import { Problem } from "./problem.ts";
import type { Range } from "./range.ts";

/** The place in a list where the next page begins: after the row with these values. */
export interface Place {
  /** The range of the first page. If it was the default, it must not move at midnight. */
  readonly range: Range;
  readonly after: readonly (string | number)[];
}

/** The request of a list, without its cursor and its limit. A cursor is only valid for the same one. */
export type Listing = Readonly<Record<string, string | number | boolean | undefined>>;

/** A cursor as text, for `next_cursor`. */
export function cursorText({ range, after }: Place, listing: Listing): string {
  return Buffer.from(JSON.stringify([digestOf(listing), range.from, range.to, ...after])).toString("base64url");
}

/**
 * The place of a cursor that was made for the same `listing`, whose values have the types of `like`.
 *
 * @throws {Problem} if it was made for another one, or is not a cursor.
 */
export function placeOf(cursor: string, listing: Listing, like: readonly (string | number)[]): Place {
  const [digest, from, to, ...after] = list(parsedJson(Buffer.from(cursor, "base64url").toString()));
  const values = after.filter((value) => typeof value === "string" || typeof value === "number");
  const isAlike = values.length === like.length && values.every((value, n) => typeof value === typeof like[n]);
  if (!isDay(from) || !isDay(to) || !isAlike || after.length !== like.length)
    throw new Problem(400, "Not a cursor", "cursor must be the next_cursor of an earlier response, unchanged.");
  if (digest !== digestOf(listing)) {
    const detail =
      "The cursor was made for another filter or order: repeat the request that it came from, or leave it out.";
    throw new Problem(400, "Cursor of another list", detail);
  }
  return { range: { from, to }, after: values };
}

function isDay(value: unknown): value is string {
  return typeof value === "string" && isUtcDate(value);
}

function digestOf(listing: Listing): string {
  const given = Object.entries(listing).filter(([, value]) => value !== undefined);
  return sha256(Buffer.from(JSON.stringify(given.toSorted(([one], [other]) => (one < other ? -1 : 1))))).slice(0, 16);
}
