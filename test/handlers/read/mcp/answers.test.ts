import { randomBytes } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { answersFrom } from "../../../../handlers/read/mcp/answers.ts";
import { numberMask } from "../../../../handlers/read/mcp/number-mask.ts";
import { defineTool } from "../../../../handlers/read/mcp/tool.ts";
import { folderReadDeps } from "../../../../infrastructure/local/folder-read-deps.ts";
import { folderStores } from "../../../../infrastructure/local/folder-stores.ts";
import { settingsFrom } from "../../../../infrastructure/local/settings.ts";
import { newFolder } from "../../../support/fixtures/local.ts";

test("an unexpected failure is an answer without its reason, which the log has without numbers", async () => {
  const folder = await newFolder();
  const from = { ...folderStores(folder), secrets: async () => [], now: () => new Date() };
  const deps = folderReadDeps(settingsFrom({ ARCHIVE_DIR: folder }), from);
  onTestFinished(deps.close);
  const log: unknown[] = [];
  const mask = numberMask(randomBytes(32), false);
  const answers = answersFrom({ ...deps, mask }, (entry) => log.push(entry));
  const tool = defineTool({
    name: "broken",
    title: "",
    description: "",
    input: z.strictObject({}),
    answer: () => Promise.reject(new Error("no bytes in /srv/calls/12025550101/conv_1.json")),
  });
  expect(await answers.call(tool, {})).toEqual({
    problem: "Unexpected failure: The archive could not be read; the log of the server has the reason.",
  });
  expect(log).toEqual([{ event: "read failed", tool: "broken", reason: "no bytes in /srv/calls/***01/conv_1.json" }]);
  await answers.idle();
});
