import { ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { type Archive, PreconditionFailed } from "../../handlers/clients/archive/archive.ts";
import { s3Archive } from "../../handlers/clients/archive/s3-archive.client.ts";
import { LeaseHeld } from "../../handlers/clients/lease.ts";
import { type CompactDeps, compact } from "../../handlers/compact/compact.ts";
import { PACKED_FROM_CALLS } from "../../handlers/compact/days.ts";
import { putDirtyMarkers } from "../../handlers/compact/dirty-markers.ts";
import { readState } from "../../handlers/compact/state.ts";
import { TABLES } from "../../queries/tables/all.ts";
import { DIRTY_FOLDER, STATE_KEY } from "../../queries/tables/closed-days.ts";
import { packKey, type Side } from "../../queries/tables/table.ts";
import { utcHour } from "../../queries/tables/utc-date.ts";
import { emptyFolder, engineOn, liveObjects, writeObject } from "../queries/analytics-folder.ts";
import { anAthenaServer } from "../support/servers/athena-server.ts";
import { aBucket, describeAws, s3 } from "./aws.ts";
import { aLambda } from "./lambda.ts";

const [FIRST, SECOND] = ["2024-03-01", "2024-03-02"] as const;
const NOW = new Date("2024-03-03T12:00:00Z");
const HOUR_MS = 60 * 60 * 1000;

/** Creates a bucket with the turns of one call on each of two past days, and returns ways to change and read it. */
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
    /** Writes the turns of a call on a past day, and a dirty marker, like the processor. */
    async putRow(dt: string, conversation_id: string): Promise<void> {
      await put(dt, conversation_id);
      await putDirtyMarkers(analytics, [dt], conversation_id, NOW);
    },
    /** Compacts as `holder`; `more` replaces defaults. */
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
    /** The conversations whose turns are in the parts of closed days. */
    async inParts(): Promise<unknown[]> {
      const folder = await emptyFolder();
      for await (const { key } of analytics.list("days/")) {
        await writeObject(folder, key, (await analytics.get(key))?.body ?? Buffer.alloc(0));
      }
      const engine = await engineOn(folder, "9999-12-31");
      return (await engine.run("select conversation_id from turns order by 1", [])).rows.flat();
    },
    /** The number of times that any part was written. */
    async partVersions(): Promise<number> {
      const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: "days/" }));
      return Versions.length;
    },
    markers: () => Array.fromAsync(analytics.list(DIRTY_FOLDER)),
  };
}

/** `analytics` with a first put of a part that waits until `meanwhile` is done. */
function delayed(analytics: Archive, meanwhile: () => Promise<unknown>): Archive {
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

/** The condition on closed days, or on packed hours, in each view that was created. */
function closedConditions(
  executions: readonly { readonly sql: string }[],
  side: Side = "days",
): (string | undefined)[] {
  return executions.map(({ sql }) => new RegExp(`_${side} where (.*)`).exec(sql)?.[1]);
}

/** Changes the state as if the views had moved a day ago. */
async function letTimePass(analytics: Archive): Promise<void> {
  const { state, etag = "" } = await readState(analytics);
  const dayAgo = new Date(Date.now() - 24 * HOUR_MS).toISOString();
  const passed = (times: object) => Object.fromEntries(Object.keys(times).map((subject) => [subject, dayAgo]));
  const earlier = { ...state, changed: passed(state.changed), retired: passed(state.retired) };
  await analytics.put(STATE_KEY, Buffer.from(JSON.stringify(earlier)), { only: { ifMatch: etag } });
}

describeAws("the compactor on S3", () => {
  test("as deployed closes past days, moves the views, and rebuilds a day when no query reads it", async () => {
    const { bucket, analytics, putRow, inParts, markers } = await anAnalyticsBucket();
    const athena = await anAthenaServer({ polls: 1 });
    const names = { ANALYTICS_BUCKET: bucket, DATABASE: "a_database", CALL_ARCHIVE_METRICS: "all" };
    const compactor = await aLambda("compactor", { ...names, AWS_ENDPOINT_URL_ATHENA: athena.url });

    await compactor.invoke({});
    expect(await inParts()).toEqual(["conv_1", "conv_2"]);
    const { first_live_day, views, days } = (await readState(analytics)).state;
    expect([views, Object.keys(days)]).toEqual([
      { firstLiveDay: first_live_day, changed: [], packs: {} },
      [FIRST, SECOND],
    ]);
    expect(closedConditions(athena.executions)).toEqual(TABLES.map(() => `dt < '${first_live_day}'`));

    await putRow(FIRST, "conv_3");
    await compactor.invoke({});
    const changed = TABLES.map(() => `dt < '${first_live_day}' and dt not in ('${FIRST}')`);
    expect(closedConditions(athena.executions).slice(TABLES.length)).toEqual(changed);
    // Queries that started before may still read the parts.
    expect([await inParts(), (await markers()).length]).toEqual([["conv_1", "conv_2"], 1]);

    await letTimePass(analytics);
    await compactor.invoke({});
    expect([await inParts(), await markers()]).toEqual([["conv_1", "conv_2", "conv_3"], []]);
    expect(closedConditions(athena.executions).slice(2 * TABLES.length)).toEqual(
      TABLES.map(() => `dt < '${first_live_day}'`),
    );
    expect(compactor.lines.filter((line) => line.includes('"OldestOpenDay":'))).toHaveLength(3);
    // Lambda writes the logs, and Athena makes the other calls.
    expect(compactor.unneeded()).toEqual([
      expect.stringMatching(/^compactor \d+: logs:/),
      expect.stringMatching(/^compactor \d+: athena:GetDataCatalog/),
      expect.stringMatching(/^compactor \d+: glue:GetDatabase, glue:GetPartitions/),
      expect.stringMatching(/^compactor \d+: glue:GetDatabase on/),
      expect.stringMatching(/^compactor \d+: .* on bucket\/results\/\*$/),
      expect.stringMatching(/^compactor \d+: glue:CreateTable, glue:UpdateTable/),
    ]);
  });

  test("as deployed packs a finished hour of an open day, packs it again when it changed, and deletes the old pack", async () => {
    const { bucket, analytics } = await anAnalyticsBucket();
    const athena = await anAthenaServer({ polls: 1 });
    const names = { ANALYTICS_BUCKET: bucket, DATABASE: "a_database" };
    const compactor = await aLambda("compactor", { ...names, AWS_ENDPOINT_URL_ATHENA: athena.url });
    // Two hours ago: also at midnight its day is open.
    const hour = utcHour(new Date(Date.now() - 2 * HOUR_MS));
    const [dt = "", hr = ""] = hour.split("/");
    const calls = Array.from({ length: PACKED_FROM_CALLS }, (_, n) => ({ dt, hr, conversation_id: `conv_${n}` }));
    for (const { key, body } of liveObjects({ conversations: calls })) await analytics.put(key, body);
    const packs = async () => (await Array.fromAsync(analytics.list("hours/conversations/"))).map(({ key }) => key);

    await compactor.invoke({});
    expect(await packs()).toEqual([packKey("conversations", dt, 1)]);
    expect(closedConditions(athena.executions, "hours")).toEqual(TABLES.map(() => `dt = '${dt}' and pack in (1)`));
    expect((await readState(analytics)).state.hours).toMatchObject({ [dt]: { [hr]: { conversations: calls.length } } });

    await putDirtyMarkers(analytics, [hour], "conv_0", new Date());
    await compactor.invoke({});
    expect(await packs()).toEqual([packKey("conversations", dt, 1), packKey("conversations", dt, 2)]);
    expect(closedConditions(athena.executions, "hours").at(-1)).toBe(`dt = '${dt}' and pack in (2)`);

    await letTimePass(analytics);
    await compactor.invoke({});
    expect(await packs()).toEqual([packKey("conversations", dt, 2)]);
    expect(await Array.fromAsync(analytics.list(DIRTY_FOLDER))).toEqual([]);
  });

  test("lets one of two simultaneous runs compact", async () => {
    const { compactAs, inParts, partVersions } = await anAnalyticsBucket();
    const ended = await Promise.allSettled([compactAs("one"), compactAs("another")]);
    const refused = ended.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
    expect(refused).toEqual([expect.any(LeaseHeld)]);
    expect(await inParts()).toEqual(["conv_1", "conv_2"]);
    expect(await partVersions()).toBe(2);
  });

  test("refuses the part of a late run after another run took over and closed the day", async () => {
    const { analytics, compactAs, inParts, partVersions } = await anAnalyticsBucket();
    const later = () => new Date(NOW.getTime() + 1_000_000);
    const late = delayed(analytics, () => compactAs("another", { now: later }));
    await expect(compactAs("one", { analytics: late })).rejects.toThrow(PreconditionFailed);
    expect(await inParts()).toEqual(["conv_1", "conv_2"]);
    expect(await partVersions()).toBe(2);
    expect((await readState(analytics)).state).toMatchObject({
      first_live_day: "2024-03-03",
      views: { firstLiveDay: "2024-03-03", changed: [], packs: {} },
    });
    expect(await compactAs("one")).toMatchObject({ days: [], isFinished: true });
  });

  test("refuses the older rows of a late run after another run rebuilt the day with newer ones", async () => {
    const { analytics, putRow, compactAs, inParts, markers } = await anAnalyticsBucket();
    await compactAs("one");
    await putRow(FIRST, "conv_3");
    const late = delayed(analytics, async () => {
      await putRow(FIRST, "conv_4");
      await compactAs("another", { now: () => new Date(NOW.getTime() + 1_000_000) });
    });
    await expect(compactAs("one", { analytics: late })).rejects.toThrow(PreconditionFailed);
    expect(await inParts()).toEqual(["conv_1", "conv_2", "conv_3", "conv_4"]);
    expect(await markers()).toEqual([]);
  });

  test("keeps the marker of a change during a rebuild, and includes the change in the next run", async () => {
    const { analytics, putRow, compactAs, inParts, markers } = await anAnalyticsBucket();
    await compactAs("one");
    await putRow(FIRST, "conv_3");
    await compactAs("one", { analytics: delayed(analytics, () => putRow(FIRST, "conv_4")) });
    expect([await inParts(), (await markers()).length]).toEqual([["conv_1", "conv_2", "conv_3"], 1]);
    await compactAs("one");
    expect([await inParts(), (await markers()).length]).toEqual([["conv_1", "conv_2", "conv_3", "conv_4"], 0]);
  });
});

describeAws("the folders below a prefix in S3", () => {
  test("are listed once each, also if they or their keys fill more than one page", async () => {
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
