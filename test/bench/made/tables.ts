import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { jsonBytes } from "../../../handlers/clients/archive/json-object.ts";
import { TABLES } from "../../../queries/tables/all.ts";
import { STATE_KEY } from "../../../queries/tables/closed-days.ts";
import { groupedParquet, parquetFile } from "../../../queries/tables/parquet.ts";
import { type AnyRow, liveKey, packKey, partKey, type Table } from "../../../queries/tables/table.ts";
import { DAY_MS, DAYS, dateOf, idOf, reordered, type Template, templates } from "./templates.ts";

/** The compactor's sizes of a row group. */
const GROUP_ROWS = 5_000;
const GROUP_CONVERSATIONS = 1_000;

/** Writes closed days with `calls` calls in total into the analytics folder `folder`. */
export async function writeTables(folder: string, calls: number): Promise<void> {
  const made = await templates(calls);
  for (let day = 0; day < DAYS; day += 1) {
    const ofDay = Array.from({ length: Math.ceil((calls - day) / DAYS) }, (_, n) => day + n * DAYS);
    for (const table of TABLES) {
      const body = partOf(table, ofDay, day, made);
      if (!body) continue;
      await written(join(folder, partKey(table.name, dateOf(day), 0)), body);
    }
  }
  // Without a state, `npm run query` reads all days live, and finds nothing.
  const state = { first_live_day: dateOf(DAYS), changed: {}, views: null, days: {} };
  await written(join(folder, STATE_KEY), jsonBytes(state));
}

/**
 * Writes one live day with `calls` calls into the analytics folder `folder`: an object for each call and table. If
 * `isPacked`, the hours 0 to 21 have packs and no live objects.
 */
export async function writeLiveDay(folder: string, calls: number, isPacked = false): Promise<void> {
  const made = await templates(calls);
  if (isPacked) await writePacks(folder, calls, made);
  for (let n = 0; n < calls; n += 1) {
    if (isPacked && n % 24 < PACKED_HOURS) continue;
    for (const table of TABLES) {
      const rows = made[n % made.length]?.rows.get(table) ?? [];
      if (rows.length === 0) continue;
      const path = join(folder, liveKey(table.name, `${dateOf(0)}/${hourOf(n)}`, idOf(n)));
      if (n < 24 * made.length) await mkdir(dirname(path), { recursive: true });
      await writeFile(
        path,
        parquetFile(
          table,
          rows.map((row) => madeRow(row, n, 0)),
        ),
      );
    }
  }
}

const PACKED_HOURS = 22;

/** Writes the packs of the hours 0 to 21, and the state that names them. */
async function writePacks(folder: string, calls: number, made: readonly Template[]): Promise<void> {
  const packs: Record<string, unknown> = {};
  for (let hour = 0; hour < PACKED_HOURS; hour += 1) {
    const ofHour = Array.from({ length: Math.ceil((calls - hour) / 24) }, (_, n) => hour + 24 * n);
    for (const table of TABLES) {
      const body = partOf(table, ofHour, 0, made);
      if (body) await written(join(folder, packKey(table.name, dateOf(0), hour + 1)), body);
    }
    packs[hourOf(hour)] = { pack: hour + 1 };
  }
  const state = { first_live_day: dateOf(0), changed: {}, views: null, days: {}, hours: { [dateOf(0)]: packs } };
  await written(join(folder, STATE_KEY), jsonBytes(state));
}

async function written(path: string, body: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, body);
}

/** The hour of call `n` of the live day: each hour has as many calls. */
function hourOf(n: number): string {
  return String(n % 24).padStart(2, "0");
}

/** The part of `table` with the rows of these calls, in the order and the groups of the compactor. */
function partOf(table: Table, calls: readonly number[], day: number, made: readonly Template[]): Buffer | undefined {
  const file = groupedParquet(table);
  let group: AnyRow[] = [];
  let [inGroup, count] = [0, 0];
  const end = () => {
    if (group.length > 0) file.add(sorted(table, group));
    count += group.length;
    [group, inGroup] = [[], 0];
  };
  for (const n of calls) {
    const template = made[n % made.length];
    for (const row of template?.rows.get(table) ?? []) group.push(madeRow(row, n, day));
    inGroup += 1;
    if (group.length >= GROUP_ROWS || inGroup >= GROUP_CONVERSATIONS) end();
  }
  end();
  return count === 0 ? undefined : file.finish();
}

function sorted({ sortedBy }: Table, rows: AnyRow[]): AnyRow[] {
  if (sortedBy === undefined) return rows;
  return rows.sort((one, other) => Number(one[sortedBy] ?? 0) - Number(other[sortedBy] ?? 0));
}

/** A row of a template as a row of call `n`: with its id, its day, and its words in another order. */
function madeRow(row: AnyRow, n: number, day: number): AnyRow {
  const changed: AnyRow = { ...row, conversation_id: idOf(n) };
  for (const [name, value] of Object.entries(row)) {
    if (value instanceof Date) changed[name] = new Date(value.getTime() + day * DAY_MS);
    else if (typeof value === "string" && WORDS.has(name)) changed[name] = reordered(value, n);
  }
  return changed;
}

/** The columns whose words get another order. */
const WORDS = new Set(["message", "original_message", "summary", "rationale"]);
