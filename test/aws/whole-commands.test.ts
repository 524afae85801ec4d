import { expect, onTestFinished, test } from "vitest";
import { signature } from "../../handlers/receive/signature.ts";
import { runCommandAsProcess } from "../support/fixtures/command.ts";
import { aTranscription, MP3 } from "../support/fixtures/events.ts";
import { newFolder, SECRET } from "../support/fixtures/local.ts";
import { elevenLabsServer } from "../support/servers/elevenlabs-server.ts";
import { AWS_ENV, describeAws } from "./aws.ts";
import { aBareDeployment } from "./bare-deployment.ts";

const KEY = "12025550101/conv_1.json";

describeAws("the completeness of a stack", () => {
  test("backfill puts missing calls and recordings, and overwrites no delivered call", async () => {
    const { archive, process, stack } = await aBareDeployment();
    const server = await elevenLabsServer();
    onTestFinished(() => server.close());
    for (const conversation_id of ["conv_1", "conv_2"]) {
      server.conversations.set(
        conversation_id,
        JSON.stringify(JSON.parse(aTranscription({ conversation_id }).toString()).data),
      );
      server.recordings.set(conversation_id, MP3);
    }
    await archive.put(KEY, aTranscription(), { metadata: { source: "webhook" } });
    await process(KEY);
    const delivered = await archive.get(KEY);

    const env = { ...AWS_ENV, ELEVENLABS_API_KEY: "sk_test", ELEVENLABS_API_URL: server.url };
    const args = ["--from", "2026-11-20", "--to", "2026-11-20", "--stack", await stack()];
    const run = await runCommandAsProcess("backfill", await newFolder(), args, env);
    expect([run.code, run.error]).toEqual([0, ""]);
    expect(run.out).toMatch(/^recovered +1 +2$/m);
    expect(await archive.get(KEY)).toMatchObject({ body: delivered?.body, metadata: { redo: "audio" } });
    expect(await archive.head("12025550101/conv_2.json")).toMatchObject({ metadata: { source: "api" } });
    expect((await archive.get("12025550101/conv_2.mp3"))?.body).toEqual(MP3);
    // The row of the recording, and the row of the call, which no longer has the absence `waiting`.
    expect(await process(KEY)).toMatchObject({ steps: ["audio"], written: { rows: 2 } });
    await process("12025550101/conv_2.json");
    const again = await runCommandAsProcess("backfill", await newFolder(), args, env);
    expect(again.out).toMatch(/^there already +2$/m);
  });

  test("verify finds missing rows, and has their call processed again", async () => {
    const { archive, analytics, process, stack } = await aBareDeployment();
    const body = aTranscription();
    const at = new Date("2026-11-20T10:02:00Z");
    const metadata = {
      source: "webhook",
      "received-at": at.toISOString(),
      "elevenlabs-signature": signature(body, SECRET, at),
    };
    await archive.put(KEY, body, { metadata });
    await process(KEY);
    const name = await stack();
    const env = { ...AWS_ENV, ELEVENLABS_WEBHOOK_SECRET: SECRET };
    const verify = async (...args: string[]) =>
      runCommandAsProcess("verify", await newFolder(), ["--stack", name, ...args], env);

    // The stack expects memories, but this one has no Mem0: the only finding is about memory.
    const whole = await verify();
    expect(whole.out.match(/^.*12025550101.*$/gm)).toEqual([expect.stringContaining("memory")]);
    await analytics.delete("live/turns/dt=2026-11-20/hr=10/conv_1.parquet");
    const damaged = await verify("--fix");
    expect(damaged).toMatchObject({ code: 1, out: expect.stringMatching(/12025550101\/conv_1\.json.*turns/) });
    await process(KEY);
    expect((await verify()).out).not.toContain("turns");
  });
});
