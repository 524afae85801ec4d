import { beforeAll, expect, test } from "vitest";
import { readSavedQueries } from "../../queries/engine/saved-queries.client.ts";
import { hourFolder, liveKey, packKey, partKey } from "../../queries/tables/table.ts";
import { anyValues } from "../queries/cases.ts";
import { aCall, aCompactor, putLive } from "../support/fixtures/compacting.ts";
import { aDatabase, type Tables } from "./glue-tables.ts";
import { type S3Requests, s3Requests } from "./s3-requests.ts";
import { describeTrino, fill, TRINO } from "./trino.ts";
import { statement, trinoEngine } from "./trino-engine.ts";

const [YESTERDAY, TODAY] = ["2026-11-04", "2026-11-05"];
/** The hours from 00 to 21 are packed, and 22 is not over. */
const NOW = new Date(`${TODAY}T22:20:00Z`);
const PACKS = Array.from({ length: 22 }, (_, hour) => hour + 1);

/** A query of each table in which the calls have rows. */
const TABLE_OF = { "calls-per-day": "conversations", "slow-turns": "turns" };
const queries = (await readSavedQueries()).filter(({ name }) => name in TABLE_OF);

describeTrino("the S3 requests of a question", () => {
  let tables: Tables;

  beforeAll(async () => {
    tables = await aDatabase(TRINO.url);
    const { analytics, compact, statements } = aCompactor();
    await putLive(analytics, aCall("of_yesterday", YESTERDAY));
    for (let hour = 0; hour <= 22; hour += 1) {
      await putLive(analytics, aCall(`conv_${hour}`, TODAY, 2, String(hour).padStart(2, "0")));
    }
    await compact({ now: () => NOW, packedFromCalls: 1 });
    const objects = [...analytics.objects].filter(([key]) => Object.values(TABLE_OF).includes(key.split("/")[1] ?? ""));
    await fill(
      tables.bucket,
      objects.map(([key, { body }]) => ({ key, body })),
    );
    for (const sql of statements.values()) await statement(tables.place, sql);
  });

  async function requestsOf(name: string, from: string, to: string): Promise<S3Requests> {
    const query = queries.find((each) => each.name === name);
    if (!query) throw new Error(`There is no query "${name}"`);
    return s3Requests(tables.bucket, () => trinoEngine(tables.place).run(query.sql, anyValues(query, from, to)));
  }

  test("over a closed day are for its part", async () => {
    const part = partKey("conversations", YESTERDAY, 0);
    const { listed, read } = await requestsOf("calls-per-day", YESTERDAY, YESTERDAY);
    expect(listed).toEqual([folderOf(part)]);
    expect(read).toEqual(new Set([part]));
  });

  test("over today are for its packs, and for the live objects of hours without a pack", async () => {
    const { listed, read } = await requestsOf("calls-per-day", TODAY, TODAY);
    expect(new Set(listed)).toEqual(new Set(foldersOfToday("conversations")));
    const packs = PACKS.map((pack) => packKey("conversations", TODAY, pack));
    expect(read).toEqual(new Set([...packs, liveKey("conversations", `${TODAY}/22`, "conv_22")]));
  });

  test("over both days are for nothing else", async () => {
    const { listed } = await requestsOf("calls-per-day", YESTERDAY, TODAY);
    const ofYesterday = folderOf(partKey("conversations", YESTERDAY, 0));
    expect(new Set(listed)).toEqual(new Set([ofYesterday, ...foldersOfToday("conversations")]));
  });

  test.each(Object.entries(TABLE_OF))(
    "of %s over today are 25 listings: two for the hour without objects",
    async (name, table) => {
      const { listed } = await requestsOf(name, TODAY, TODAY);
      expect(listed).toEqual([...foldersOfToday(table), hourFolder(table, `${TODAY}/23`)].sort());
      expect(listed).toHaveLength(25);
    },
  );
});

function foldersOfToday(table: string): string[] {
  const packs = PACKS.map((pack) => folderOf(packKey(table, TODAY, pack)));
  return [...packs, ...["22", "23"].map((hour) => hourFolder(table, `${TODAY}/${hour}`))];
}

function folderOf(key: string): string {
  return key.slice(0, key.lastIndexOf("/") + 1);
}
