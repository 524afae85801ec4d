import { expect, onTestFinished, test } from "vitest";
import type { Installation } from "../../../infrastructure/commands/toolkit/installation/installation.ts";
import { aTranscription, MP3 } from "../fixtures/events.ts";

/** An archive with nothing in it, and what shows what a command cannot. */
export interface Installed {
  readonly installation: Installation;
  /** The keys of everything that is left of objects in the archive, old versions too. */
  leftovers(): Promise<readonly string[]>;
  /** Has what a workplace was told to process processed, unless that happens in this process. */
  settle(): Promise<unknown>;
}

const KEY = "12025550101/conv_1.json";

/** What every archive gives to commands, whether it is in a folder or a stack. */
export function installationContract(name: string, anInstalled: () => Promise<Installed>): void {
  test(`${name}: tells a person where everything is, and how ElevenLabs and its secrets are reached`, async () => {
    const { installation } = await anInstalled();
    expect(installation.name).toMatch(/^the (archive in|stack) ./);
    for (const missing of ["delivery", "processing", "rows"] as const)
      expect(installation.lookAt(missing)).toMatch(/\S{3}/);
    expect(installation.watch()).toMatch(/\S{3}/);
    expect(await installation.webhookSecrets()).toEqual([expect.stringMatching(/^wsec_/)]);
    expect(await installation.elevenLabs()).toBeUndefined();
  });

  test(`${name}: what is put is there with its class, and purged it leaves nothing, not even a version`, async () => {
    const { installation, leftovers } = await anInstalled();
    const { archive } = installation;
    for (const time of ["first", "second"]) await archive.put(KEY, Buffer.from(time));
    expect(await installation.storageClass(KEY)).toMatch(/^(folder|STANDARD)$/);
    await installation.purge("archive", KEY);
    expect(await archive.head(KEY)).toBeUndefined();
    expect(await leftovers()).toEqual([]);
  });

  test(`${name}: what is purged is that object alone`, async () => {
    const { installation } = await anInstalled();
    for (const key of [KEY, `${KEY}.2`]) await installation.analytics.put(key, Buffer.from(key));
    await installation.purge("analytics", KEY);
    await installation.purge("analytics", KEY);
    expect(await installation.analytics.head(`${KEY}.2`)).toMatchObject({ size: KEY.length + 2 });
  });

  test(`${name}: a call that is put and told of is processed, and its rows are found with parameters`, async () => {
    const { installation, settle } = await anInstalled();
    const workplace = await installation.workplace("npm run reprocess", () => {});
    onTestFinished(workplace.close);
    await workplace.archive.put(KEY, aTranscription({ full_audio: MP3.toString("base64") }));
    workplace.process(KEY);
    const { by, givenUp } = await workplace.processed();
    await settle();
    expect([by === "here", givenUp]).toEqual([workplace.isHere, 0]);
    const tables = await installation.tables();
    const counted = await tables.run("select count(*) as n from turns where conversation_id = ?", ["conv_1"]);
    tables.close();
    expect(Number(counted.rows[0]?.[0])).toBeGreaterThan(0);
  });

  test(`${name}: nothing has failed where nothing was sent`, async () => {
    const { installation } = await anInstalled();
    const failures = await installation.failures(() => {});
    expect([failures.name, await failures.list()]).toEqual([installation.name, []]);
    await failures.close();
  });
}
