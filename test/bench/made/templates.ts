import { TABLES } from "../../../queries/tables/all.ts";
import { rowsIn } from "../../../queries/tables/read-parquet.ts";
import type { AnyRow, Table } from "../../../queries/tables/table.ts";
import { longCalls } from "../../support/fixtures/long-calls.ts";
import { aWorld } from "../../support/fixtures/world.ts";

/** The day of the calls that all others are made from, and the first day of the made ones. */
export const FIRST_DAY = "2026-10-01";

/** The number of days over which calls are spread: a month. */
export const DAYS = 30;

/** The number of processed calls from which the others are made. */
const TEMPLATES = 100;

/** The number of turns of each call. */
export const TURNS = 40;

/** A processed call: its text and its rows. Other calls are made from it, a hundred times faster than by processing. */
export interface Template {
  readonly conversationId: string;
  readonly text: string;
  readonly rows: ReadonlyMap<Table, readonly AnyRow[]>;
}

/** The templates of `calls` calls. */
export async function templates(calls: number): Promise<Template[]> {
  const made: Template[] = [];
  for (const { endedAt, transcription, others } of longCalls(Math.min(calls, TEMPLATES), TURNS, FIRST_DAY, 1)) {
    const world = aWorld({ now: () => endedAt });
    for (const body of [transcription, ...others.slice(0, 1)]) await world.take(body, endedAt);
    const rows = new Map<Table, readonly AnyRow[]>();
    for (const [key, { body }] of world.analytics.objects) {
      const table = TABLES.find(({ name }) => key.startsWith(`live/${name}/`));
      if (table) rows.set(table, await rowsIn(table, body));
    }
    const [own] = [...rows].find(([{ name }]) => name === "conversations")?.[1] ?? [];
    made.push({ conversationId: String(own?.["conversation_id"]), text: transcription.toString(), rows });
  }
  return made;
}

/** The id of call `n`, as long as the id of a template. */
export function idOf(n: number): string {
  return `conv_${String(n).padStart(9, "0")}${"k01j".repeat(5).slice(0, 19)}`;
}

/** The words of `text` in an order of call `n`, so that calls do not compress as repetitions do. */
export function reordered(text: string, n: number): string {
  const words = text.split(" ");
  const from = n % words.length;
  return [...words.slice(from), ...words.slice(0, from)].join(" ");
}

/** The day of call `n`, counted from 0. */
export function dayOf(n: number): number {
  return n % DAYS;
}

/** The UTC date of a day, counted from 0. */
export function dateOf(day: number): string {
  return new Date(Date.parse(`${FIRST_DAY}T00:00:00Z`) + day * DAY_MS).toISOString().slice(0, 10);
}

export const DAY_MS = 24 * 60 * 60 * 1000;
