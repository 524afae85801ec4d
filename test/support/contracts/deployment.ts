import { expect, onTestFinished, test } from "vitest";
import type { Deployment } from "../../../infrastructure/commands/toolkit/deployment/deployment.ts";
import { aTranscription, MP3 } from "../fixtures/events.ts";

/** An empty archive, with functions for what a command cannot show. */
export interface DeploymentUnderTest {
  readonly deployment: Deployment;
  /** The keys of all objects in the archive, including old versions. */
  leftovers(): Promise<readonly string[]>;
  /** Processes the objects that an open deployment sent, unless this process does that itself. */
  processAll(): Promise<unknown>;
}

const KEY = "12025550101/conv_1.json";

/** The contract of every implementation of `Deployment`: a folder or a stack. */
export function deploymentContract(name: string, aDeploymentUnderTest: () => Promise<DeploymentUnderTest>): void {
  test(`${name}: describes where to look, and returns the webhook secrets and the access to ElevenLabs`, async () => {
    const { deployment } = await aDeploymentUnderTest();
    expect(deployment.name).toMatch(/^the (archive in|stack) ./);
    for (const missing of ["delivery", "processing", "rows"] as const)
      expect(deployment.whereToLook(missing)).toMatch(/\S{3}/);
    expect(deployment.howToWatch()).toMatch(/\S{3}/);
    expect(await deployment.webhookSecrets()).toEqual([expect.stringMatching(/^wsec_/)]);
    expect(await deployment.elevenLabs()).toBeUndefined();
  });

  test(`${name}: an object has a storage class, and purging it leaves no version`, async () => {
    const { deployment, leftovers } = await aDeploymentUnderTest();
    const { archive } = deployment;
    for (const time of ["first", "second"]) await archive.put(KEY, Buffer.from(time));
    expect(await deployment.storageClass(KEY)).toMatch(/^(folder|STANDARD)$/);
    await deployment.purge("archive", KEY);
    expect(await archive.head(KEY)).toBeUndefined();
    expect(await leftovers()).toEqual([]);
  });

  test(`${name}: purging deletes one object only`, async () => {
    const { deployment } = await aDeploymentUnderTest();
    for (const key of [KEY, `${KEY}.2`]) await deployment.analytics.put(key, Buffer.from(key));
    await deployment.purge("analytics", KEY);
    await deployment.purge("analytics", KEY);
    expect(await deployment.analytics.head(`${KEY}.2`)).toMatchObject({ size: KEY.length + 2 });
  });

  test(`${name}: a call that is put and sent is processed, and a query with parameters finds its rows`, async () => {
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

  test(`${name}: the redrive queue of an empty archive is empty`, async () => {
    const { deployment } = await aDeploymentUnderTest();
    const queue = await deployment.redriveQueue(() => {});
    expect([queue.name, await queue.list()]).toEqual([deployment.name, []]);
    await queue.close();
  });
}
