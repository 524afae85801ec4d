import { ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { stackRedriveQueue } from "../../infrastructure/commands/toolkit/deployment/stack-redrive-queue.client.ts";
import { redriveQueueContract } from "../support/contracts/redrive-queue.ts";
import { runCommandAsProcess } from "../support/fixtures/command.ts";
import { aTranscription } from "../support/fixtures/events.ts";
import { newFolder, SECRET } from "../support/fixtures/local.ts";
import { AWS_ENV, describeAws } from "./aws.ts";
import { aBareDeployment, sqs, visibleIn } from "./bare-deployment.ts";

const CLI = "redrive";
const KEY = "12025550101/conv_1.json";

/** A deployment with functions that dead-letter messages and open its redrive queue. */
async function aDeployment() {
  const deployment = await aBareDeployment();
  const output = (name: string) => deployment.outputs[name] ?? "";
  const waitUntilProcessed = async () => ({ by: "the processor", deadLettered: 0 });
  const deadLetterMessage = (MessageBody: string) =>
    sqs.send(new SendMessageCommand({ QueueUrl: deployment.deadLetters, MessageBody }));
  return {
    ...deployment,
    deadLetterMessage,
    deadLetter: (key: string) =>
      deadLetterMessage(JSON.stringify({ Records: [{ s3: { object: { key: encodeURIComponent(key) } } }] })),
    async open() {
      const { archive, analytics } = deployment;
      const webhookSecrets = async () => [SECRET];
      const outputs = { output, optional: output };
      const stack = { name: "a stack", archive, analytics, webhookSecrets, defaultCountryCode: undefined };
      return stackRedriveQueue({ ...stack, waitUntilProcessed, outputs }, sqs);
    },
  };
}

describeAws("a dead letter of a stack", () => {
  redriveQueueContract("on a stack", aDeployment);

  test("has the recorded reason, the reason from its bytes, or the name of the log", async () => {
    const given = await aDeployment();
    const { archive } = given;
    await archive.put(KEY, aTranscription({ full_audio: "!!!" }));
    await archive.put("12025550101/conv_2.json", Buffer.from("{"));
    await archive.put("12025550101/conv_3.json", aTranscription({ conversation_id: "conv_3" }));
    await expect(given.process(KEY)).rejects.toThrow("not base64");
    for (const n of [1, 2, 3]) await given.deadLetter(`12025550101/conv_${n}.json`);
    await given.deadLetterMessage("not an event");
    const queue = await given.open();
    expect((await queue.list()).map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^audio: .*not base64/),
      expect.stringMatching(/^expected post_call_transcription .*of conv_2, but/),
      "no reason is on record: see the log group processor-logs",
      "the message is not JSON",
    ]);
    await queue.close();
  });

  test("is visible again as soon as the list is closed", async () => {
    const given = await aDeployment();
    for (let n = 0; n < 12; n += 1) await given.deadLetter(`12025550101/conv_${n}.json`);
    const queue = await given.open();
    expect(await queue.list()).toHaveLength(12);
    expect(await visibleIn(given.deadLetters)).toBe(0);
    await queue.close();
    expect(await visibleIn(given.deadLetters)).toBe(12);
  });

  test("is listed, sent back unchanged, and dropped by npm run redrive", async () => {
    const given = await aDeployment();
    await given.archive.put(KEY, aTranscription());
    await given.deadLetter(KEY);
    await given.deadLetter("12025550101/conv_2.json");
    const folder = await newFolder();
    const stack = ["--stack", await given.stack()];
    const redrive = (...args: string[]) => runCommandAsProcess(CLI, folder, [...args, ...stack], AWS_ENV);

    expect((await redrive()).out).toMatch(
      /conv_1\.json .* no reason is on record: .*\n.*conv_2\.json .* gone: .*\n2 rows\n$/,
    );
    expect(await redrive("--send", "--all")).toMatchObject({ code: 2, error: expect.stringContaining("add --yes") });
    const sent = await redrive("--send", "--all", "--yes");
    expect([sent.code, sent.out]).toEqual([
      1,
      expect.stringMatching(/^1 object sent back: the processor of the stack test-/),
    ]);
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: given.queue }));
    expect(Messages.map(({ Body }) => Body)).toEqual([expect.stringContaining("12025550101%2Fconv_1.json")]);
    expect(await redrive("--drop", "--all", "--yes")).toMatchObject({ code: 0, out: "1 object forgotten\n" });
    expect((await redrive()).out).toMatch(/^No dead letters, unrouted or quarantined objects in the stack test-/);
    expect(await visibleIn(given.deadLetters)).toBe(0);
  });
});
