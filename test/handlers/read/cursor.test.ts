import fc from "fast-check";
import { expect, test } from "vitest";
import type { CallFilter } from "../../../handlers/read/call-filter.ts";
import { callsPage, SORTS, type Sort } from "../../../handlers/read/calls.ts";
import { placeOf } from "../../../handlers/read/cursor.ts";
import type { JsonRow } from "../../../handlers/read/json-rows.ts";
import { searchPage } from "../../../handlers/read/search.ts";
import type { QueryEngine } from "../../../queries/engine/query-engine.ts";
import { readApiQueries } from "../../../queries/engine/saved-queries.client.ts";
import { emptyFolder, engineOn, writeLive } from "../../queries/analytics-folder.ts";

const queries = await readApiQueries();
const now = () => new Date("2026-11-30T12:00:00Z");

type Row = { readonly dt: string } & Readonly<Record<string, string | number | null>>;

async function depsOver(tables: Record<string, Row[]>) {
  const folder = await emptyFolder();
  await writeLive(folder, tables);
  const engine: QueryEngine = await engineOn(folder);
  return { folder, deps: { engine, queries: async () => queries, now, searchesByDays: true } };
}

const aCall = (n: number, values: Readonly<Record<string, number | null>> = {}): Row => ({
  dt: `2026-11-${20 + (n % 5)}`,
  conversation_id: `conv_${n}`,
  started_at: `2026-11-${20 + (n % 5)}T10:00:0${n % 3}.000Z`,
  ...values,
});

test("pages have each call once, also while calls arrive", async () => {
  const value = (n: number) => [null, 0, -1.5, 0.1 + 0.2, 3][n % 5] ?? null;
  const rows = Array.from({ length: 23 }, (_, n) =>
    aCall(n, { rating: value(n), duration_secs: value(n + 1), cost_credits: value(n + 2) }),
  );
  const { folder, deps } = await depsOver({ conversations: rows });
  const sorts = SORTS.flatMap((name): Sort[] => [name, `-${name}`]);
  let arrived = 100;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...sorts), fc.integer({ min: 1, max: 12 }), async (sort, limit) => {
      const all = (await callsPage({}, { sort, limit: 500 }, deps)).items;
      const found: JsonRow[] = [];
      let cursor: string | null | undefined;
      do {
        const page = await callsPage({}, { sort, limit, cursor: cursor ?? undefined }, deps);
        found.push(...page.items);
        expect(page.items.length).toBeLessThanOrEqual(limit);
        if (cursor === undefined) {
          await writeLive(folder, { conversations: [aCall(arrived, { rating: value(arrived) })] });
          arrived += 1;
        }
        cursor = page.next_cursor;
      } while (cursor !== null);
      const ids = found.map((row) => row["conversation_id"]);
      const known = all.map((row) => row["conversation_id"]);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.filter((id) => known.includes(id))).toEqual(known);
    }),
    { numRuns: 3 },
  );
});

test("pages of a search have each hit once, from the latest day back", async () => {
  const turns = Array.from({ length: 17 }, (_, n) => ({
    dt: `2026-11-${String(1 + ((n * 7) % 28)).padStart(2, "0")}`,
    conversation_id: `conv_${n % 4}`,
    turn_index: n,
    role: "user",
    message: "cake",
  }));
  const { deps } = await depsOver({ turns });
  const search = { phrase: "CAKE", speaker: "any" } as const;
  const all = (await searchPage(search, { limit: 500 }, { ...deps, searchesByDays: false })).items;
  const found: JsonRow[] = [];
  let cursor: string | undefined;
  do {
    const page = await searchPage(search, { limit: 5, cursor }, deps);
    found.push(...page.items.map(({ before: _, after: __, ...hit }) => hit));
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  expect(all).toHaveLength(17);
  expect(found).toEqual(all.map(({ before: _, after: __, ...hit }) => hit));
});

test("a cursor of another filter or order is a problem, and so is any other text", async () => {
  const { deps } = await depsOver({ conversations: [aCall(1), aCall(2)] });
  const first = await callsPage({}, { sort: "rating", limit: 1 }, deps);
  const cursor = first.next_cursor ?? "";
  const next = (filter: CallFilter, sort: Sort, text: string) =>
    callsPage(filter, { sort, limit: 1, cursor: text }, deps);
  expect((await next({}, "rating", cursor)).items).toHaveLength(1);
  await expect(next({ agent: "a" }, "rating", cursor)).rejects.toMatchObject({ status: 400, title: /another list/ });
  await expect(next({}, "-rating", cursor)).rejects.toMatchObject({ status: 400 });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json().map((json) => Buffer.from(json).toString("base64url")),
      ),
      (text) => {
        expect(() => placeOf(text, {}, [0, ""])).toThrow(/Not a cursor/);
      },
    ),
    { numRuns: 50 },
  );
});
