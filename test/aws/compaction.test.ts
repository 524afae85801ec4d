import { ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { type Archive, PreconditionFailed } from "../../handlers/clients/archive/archive.ts";
import { s3Archive } from "../../handlers/clients/archive/s3-archive.client.ts";
import { LeaseHeld } from "../../handlers/clients/lease.ts";
import { type CompactDeps, compact } from "../../handlers/compact/compact.ts";
import { putDirtyMarkers } from "../../handlers/compact/dirty-markers.ts";
import { readState } from "../../handlers/compact/state.ts";
import { TABLES } from "../../queries/tables/all.ts";
import { DIRTY_FOLDER, STATE_KEY } from "../../queries/tables/closed-days.ts";
import { emptyFolder, engineOn, liveObjects, writeObject } from "../queries/analytics-folder.ts";
import { anAthenaServer } from "../support/servers/athena-server.ts";
import { aBucket, describeAws, s3 } from "./aws.ts";
import { aLambda } from "./lambda.ts";

const [FIRST, SECOND] = ["2024-03-01", "2024-03-02"] as const;
const NOW = new Date("2024-03-03T12:00:00Z");

/** A bucket with what was said in a call of each of two past days, and ways to change it and to look at it. */
async function anAnalyticsBucket() {
  const bucket = await aBucket();
  const analytics = s3Archive(bucket, s3);

  async function put(dt: string, conversation_id: string): Promise<void> {
    for (const { key, body } of liveObjects({ turns: [{ dt, conversation_id }] })) await analytics.put(key, body);
  }
  await put(FIRST, "conv_1");
  await put(SECOND, "conv_2");

  return {
    bucket,
    analytics,
    /** Writes what was said in a call of a day that is over, and marks the day, as the processor does. */
    async putRow(dt: string, conversation_id: string): Promise<void> {
      await put(dt, conversation_id);
      await putDirtyMarkers(analytics, [dt], conversation_id, NOW);
    },
    /** Compacts as `holder`; `more` differs from what is usual. */
    compactAs: (holder: string, more: Partial<CompactDeps> = {}) =>
      compact({
        analytics,
        moveViews: async () => {},
        longestQuerySeconds: 0,
        leaseOptions: { holder, seconds: 900, isExclusive: false },
        closeAfterHours: 3,
        now: () => NOW,
        hasTime: () => true,
        ...more,
      }),
    /** Whose turns a query finds, by the closed days alone. */
    async inParts(): Promise<unknown[]> {
      const folder = await emptyFolder();
      for await (const { key } of analytics.list("days/")) {
        await writeObject(folder, key, (await analytics.get(key))?.body ?? Buffer.alloc(0));
      }
      const engine = await engineOn(folder, "9999-12-31");
      return (await engine.run("select conversation_id from turns order by 1", [])).rows.flat();
    },
    /** How often a part was written, in all. */
    async partVersions(): Promise<number> {
      const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: "days/" }));
      return Versions.length;
    },
    markers: () => Array.fromAsync(analytics.list(DIRTY_FOLDER)),
  };
}

/** `analytics` for a compactor that comes to a halt before it writes its first part, until `meanwhile` is over. */
function halting(analytics: Archive, meanwhile: () => Promise<unknown>): Archive {
  let isFirst = true;
  return {
    ...analytics,
    async put(key, ...rest) {
      if (isFirst && key.startsWith("days/")) {
        isFirst = false;
        await meanwhile();
      }
      return analytics.put(key, ...rest);
    },
  };
}

/** Which days the views that were made read as they were closed. */
function named(executions: readonly { readonly sql: string }[]): (string | undefined)[] {
  return executions.map(({ sql }) => /_days where (.*)/.exec(sql)?.[1]);
}

/** Has every day that is read live for a change be so for a day longer. */
async function letTimePass(analytics: Archive): Promise<void> {
  const { state, etag = "" } = await readState(analytics);
  const dayAgo = new Date(Date.now() - 24 * 60 * 60 * 1000).toISOString();
  const changed = Object.fromEntries(Object.keys(state.changed).map((day) => [day, dayAgo]));
  await analytics.put(STATE_KEY, Buffer.from(JSON.stringify({ ...state, changed })), { only: { ifMatch: etag } });
}

describeAws("the compactor on S3", () => {
  test("as it is deployed closes past days, moves the views, and makes a day anew when nobody reads it any more", async () => {
    const { bucket, analytics, putRow, inParts, markers } = await anAnalyticsBucket();
    const athena = await anAthenaServer({ polls: 1 });
    const names = { ANALYTICS_BUCKET: bucket, DATABASE: "a_database" };
    const compactor = await aLambda("compactor", { ...names, AWS_ENDPOINT_URL_ATHENA: athena.url });

    await compactor.invoke({});
    expect(await inParts()).toEqual(["conv_1", "conv_2"]);
    const { first_live_day, views, days } = (await readState(analytics)).state;
    expect([views, Object.keys(days)]).toEqual([{ firstLiveDay: first_live_day, changed: [] }, [FIRST, SECOND]]);
    expect(named(athena.executions)).toEqual(TABLES.map(() => `dt < '${first_live_day}'`));

    await putRow(FIRST, "conv_3");
    await compactor.invoke({});
    const changed = TABLES.map(() => `dt < '${first_live_day}' and dt not in ('${FIRST}')`);
    expect(named(athena.executions).slice(TABLES.length)).toEqual(changed);
    // Queries that were begun before may still read the parts.
    expect([await inParts(), (await markers()).length]).toEqual([["conv_1", "conv_2"], 1]);

    await letTimePass(analytics);
    await compactor.invoke({});
    expect([await inParts(), await markers()]).toEqual([["conv_1", "conv_2", "conv_3"], []]);
    expect(named(athena.executions).slice(2 * TABLES.length)).toEqual(TABLES.map(() => `dt < '${first_live_day}'`));
    expect(compactor.lines.filter((line) => line.includes('"OldestOpenDay":'))).toHaveLength(3);
    // Its logs, and what Athena does on its behalf, are no calls of its own.
    expect(compactor.unneeded()).toEqual([
      expect.stringMatching(/^compactor \d+: logs:/),
      expect.stringMatching(/^compactor \d+: athena:GetDataCatalog/),
      expect.stringMatching(/^compactor \d+: glue:GetDatabase, glue:GetPartitions/),
      expect.stringMatching(/^compactor \d+: glue:GetDatabase on/),
      expect.stringMatching(/^compactor \d+: .* on bucket\/results\/\*$/),
      expect.stringMatching(/^compactor \d+: glue:CreateTable, glue:UpdateTable/),
    ]);
  });

  test("lets one of two that begin at once do the work", async () => {
    const { compactAs, inParts, partVersions } = await anAnalyticsBucket();
    const ended = await Promise.allSettled([compactAs("one"), compactAs("another")]);
    const refused = ended.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
    expect(refused).toEqual([expect.any(LeaseHeld)]);
    expect(await inParts()).toEqual(["conv_1", "conv_2"]);
    expect(await partVersions()).toBe(2);
  });

  test("refuses the part of one that comes too late: another one took over, and closed the day", async () => {
    const { analytics, compactAs, inParts, partVersions } = await anAnalyticsBucket();
    const later = () => new Date(NOW.getTime() + 1_000_000);
    const late = halting(analytics, () => compactAs("another", { now: later }));
    await expect(compactAs("one", { analytics: late })).rejects.toThrow(PreconditionFailed);
    expect(await inParts()).toEqual(["conv_1", "conv_2"]);
    expect(await partVersions()).toBe(2);
    expect((await readState(analytics)).state).toMatchObject({
      first_live_day: "2024-03-03",
      views: { firstLiveDay: "2024-03-03", changed: [] },
    });
    expect(await compactAs("one")).toMatchObject({ days: [], isFinished: true });
  });

  test("refuses the older rows of one that comes too late: another one made the day anew with newer ones", async () => {
    const { analytics, putRow, compactAs, inParts, markers } = await anAnalyticsBucket();
    await compactAs("one");
    await putRow(FIRST, "conv_3");
    const late = halting(analytics, async () => {
      await putRow(FIRST, "conv_4");
      await compactAs("another", { now: () => new Date(NOW.getTime() + 1_000_000) });
    });
    await expect(compactAs("one", { analytics: late })).rejects.toThrow(PreconditionFailed);
    expect(await inParts()).toEqual(["conv_1", "conv_2", "conv_3", "conv_4"]);
    expect(await markers()).toEqual([]);
  });

  test("a change that comes while its day is made anew keeps its mark, and is in the day after the next run", async () => {
    const { analytics, putRow, compactAs, inParts, markers } = await anAnalyticsBucket();
    await compactAs("one");
    await putRow(FIRST, "conv_3");
    await compactAs("one", { analytics: halting(analytics, () => putRow(FIRST, "conv_4")) });
    expect([await inParts(), (await markers()).length]).toEqual([["conv_1", "conv_2", "conv_3"], 1]);
    await compactAs("one");
    expect([await inParts(), (await markers()).length]).toEqual([["conv_1", "conv_2", "conv_3", "conv_4"], 0]);
  });
});

describeAws("the folders below a prefix in S3", () => {
  test("are named, each once, where there are more of them, and more keys below one, than a page holds", async () => {
    const archive = s3Archive(await aBucket(), s3);
    const days = Array.from({ length: 1_010 }, (_, n) => `live/turns/dt=${String(n).padStart(4, "0")}/`);
    for (let n = 0; n < days.length; n += 50) {
      await Promise.all(days.slice(n, n + 50).map((day) => archive.put(`${day}conv_1.parquet`, Buffer.from("x"))));
    }
    await archive.put("live/unknown_fields/dt=0001/conv_1.parquet", Buffer.from("x"));
    expect(await Array.fromAsync(archive.folders("live/turns/dt="))).toEqual(days);
    expect(await Array.fromAsync(archive.folders("live/"))).toEqual(["live/turns/", "live/unknown_fields/"]);
  });
});
