import { join } from "node:path";
import { expect, test } from "vitest";
import { runCommandAsProcess } from "../support/fixtures/command.ts";
import { aTranscription } from "../support/fixtures/events.ts";
import { newFolder, tree } from "../support/fixtures/local.ts";
import { AWS_ENV, describeAws } from "./aws.ts";
import { aBareDeployment } from "./bare-deployment.ts";

const CLI = "reprocess";
const [KEY, OTHER] = ["12025550101/conv_1.json", "12025550101/conv_2.json"];

describeAws("npm run reprocess on a stack", () => {
  test("prints the cost, re-puts objects in place, and the processor redoes the named steps", async () => {
    const { archive, process, stack } = await aBareDeployment();
    for (const key of [KEY, OTHER]) {
      const metadata = { source: "webhook", "received-at": "2026-11-20T10:02:00.000Z" };
      await archive.put(key, aTranscription({ conversation_id: key.slice(12, -5) }), { metadata });
      await process(key);
    }
    const folder = await newFolder();
    const name = await stack();
    const reprocess = (...args: string[]) => runCommandAsProcess(CLI, folder, [...args, "--stack", name], AWS_ENV);
    const before = await archive.head(KEY);

    const dry = await reprocess("--dry-run", "--conversation", "conv_1");
    expect([dry.code, dry.out]).toEqual([0, `${KEY}\n1 object would be processed again\n`]);
    expect(dry.error).toMatch(
      /^In the stack test-.*: 1 object, \d+ bytes\nAWS: about less than a cent.*\n.*\nMem0: up to 2 /,
    );
    expect(await archive.head(KEY)).toEqual(before);

    const done = await reprocess("--only", "rows", "--yes", "--agent", "agent_1");
    const by = `the processor of the stack ${name} processes them, watch http.* and the-dashboard`;
    expect([done.code, done.out]).toEqual([0, expect.stringMatching(`^2 objects re-put: ${by}\n$`)]);
    expect(await tree(join(folder, "reprocess"))).toEqual([]);
    expect(await archive.head(KEY)).toMatchObject({
      etag: before?.etag,
      metadata: { "received-at": "2026-11-20T10:02:00.000Z", redo: "rows" },
    });
    for (const key of [KEY, OTHER]) expect(await process(key)).toMatchObject({ outcome: "processed", steps: ["rows"] });
  });
});
