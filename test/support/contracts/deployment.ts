import { expect, onTestFinished, test } from "vitest";
import type { Deployment } from "../../../infrastructure/commands/toolkit/deployment/deployment.ts";
import { aTranscription, MP3 } from "../fixtures/events.ts";

/** An archive with nothing in it, and what shows what a command cannot. */
export interface DeploymentUnderTest {
  readonly deployment: Deployment;
  /** The keys of everything that is left of objects in the archive, old versions too. */
  leftovers(): Promise<readonly string[]>;
  /** Has what an open deployment was asked to process processed, unless that happens in this process. */
  processAll(): Promise<unknown>;
}

const KEY = "12025550101/conv_1.json";

/** What every archive gives to commands, whether it is in a folder or a stack. */
export function deploymentContract(name: string, aDeploymentUnderTest: () => Promise<DeploymentUnderTest>): void {
  test(`${name}: tells a person where everything is, and how ElevenLabs and its secrets are reached`, async () => {
    const { deployment } = await aDeploymentUnderTest();
    expect(deployment.name).toMatch(/^the (archive in|stack) ./);
    for (const missing of ["delivery", "processing", "rows"] as const)
      expect(deployment.whereToLook(missing)).toMatch(/\S{3}/);
    expect(deployment.howToWatch()).toMatch(/\S{3}/);
    expect(await deployment.webhookSecrets()).toEqual([expect.stringMatching(/^wsec_/)]);
    expect(await deployment.elevenLabs()).toBeUndefined();
  });

  test(`${name}: what is put is there with its class, and purged it leaves nothing, not even a version`, async () => {
    const { deployment, leftovers } = await aDeploymentUnderTest();
    const { archive } = deployment;
    for (const time of ["first", "second"]) await archive.put(KEY, Buffer.from(time));
    expect(await deployment.storageClass(KEY)).toMatch(/^(folder|STANDARD)$/);
    await deployment.purge("archive", KEY);
    expect(await archive.head(KEY)).toBeUndefined();
    expect(await leftovers()).toEqual([]);
  });

  test(`${name}: what is purged is that object alone`, async () => {
    const { deployment } = await aDeploymentUnderTest();
    for (const key of [KEY, `${KEY}.2`]) await deployment.analytics.put(key, Buffer.from(key));
    await deployment.purge("analytics", KEY);
    await deployment.purge("analytics", KEY);
    expect(await deployment.analytics.head(`${KEY}.2`)).toMatchObject({ size: KEY.length + 2 });
  });

  test(`${name}: a call that is put and told of is processed, and its rows are found with parameters`, async () => {
    const { deployment, processAll } = await aDeploymentUnderTest();
    const openDeployment = await deployment.open("npm run reprocess", () => {});
    onTestFinished(openDeployment.close);
    await openDeployment.archive.put(KEY, aTranscription({ full_audio: MP3.toString("base64") }));
    openDeployment.process(KEY);
    const { by, deadLettered } = await openDeployment.waitUntilProcessed();
    await processAll();
    expect([by === "here", deadLettered]).toEqual([openDeployment.isInProcess, 0]);
    const tables = await deployment.tables();
    const counted = await tables.run("select count(*) as n from turns where conversation_id = ?", ["conv_1"]);
    tables.close();
    expect(Number(counted.rows[0]?.[0])).toBeGreaterThan(0);
  });

  test(`${name}: nothing has failed where nothing was sent`, async () => {
    const { deployment } = await aDeploymentUnderTest();
    const queue = await deployment.redriveQueue(() => {});
    expect([queue.name, await queue.list()]).toEqual([deployment.name, []]);
    await queue.close();
  });
}
