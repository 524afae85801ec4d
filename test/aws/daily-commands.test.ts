import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { aTranscription } from "../support/fixtures/events.ts";
import { AWS_ENV, describeAws } from "./aws.ts";
import { aPipeline } from "./pipeline.ts";

const run = promisify(execFile);
const env = { ...process.env, ...AWS_ENV };

/** Whether the programs for the daily commands in `docs/operating.md` are installed. */
const hasCommands = ["aws", "jq"].every((command) => !spawnSync(command, ["--version"]).error);

describeAws("an operator's daily commands", () => {
  test.skipIf(!hasCommands)("list a caller's folder, print the caller's words, and reprocess in place", async () => {
    const pipeline = await aPipeline();
    await pipeline.deliver(aTranscription());
    await pipeline.drain();
    const folder = `s3://${pipeline.archive}/12025550101/`;

    expect((await run("aws", ["s3", "ls", folder], { env })).stdout).toMatch(/ conv_1\.json\n$/);
    const said = `aws s3 cp ${folder}conv_1.json - | jq '.data.transcript[] | select(.role=="user") | .message'`;
    expect((await run("sh", ["-c", said], { env })).stdout).toBe('"I want my money back."\n');

    const again = ["s3", "cp", `${folder}conv_1.json`, `${folder}conv_1.json`, "--metadata-directive", "REPLACE"];
    await run("aws", again, { env });
    await pipeline.drain();
    expect(pipeline.processor.lines.filter((line) => line.includes('"event":"processed"'))).toHaveLength(2);
  });
});
