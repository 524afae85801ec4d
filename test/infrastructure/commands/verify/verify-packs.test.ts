import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repairedText } from "../../../../infrastructure/commands/toolkit/verify/repaired-text.ts";
import { packKey } from "../../../../queries/tables/table.ts";
import { anArchiveOf } from "../../../handlers/verify/archive-to-verify.ts";
import { runCommand } from "../../../support/fixtures/command.ts";
import { aTranscription, metadataWith } from "../../../support/fixtures/events.ts";
import { SECRET } from "../../../support/fixtures/local.ts";
import { compactAt } from "../../../support/fixtures/packed-folder.ts";

const DAY = "2026-11-20";

const verify = (folder: string, ...args: string[]) =>
  runCommand("verify", folder, args, { ELEVENLABS_WEBHOOK_SECRET: SECRET });

test("--fix packs an hour again whose pack is damaged, and checks it again", async () => {
  const metadata = metadataWith({ start_time_unix_secs: Date.parse(`${DAY}T10:00:00Z`) / 1000 });
  const folder = await anArchiveOf([aTranscription({ conversation_id: "conv_1", metadata })]);
  await compactAt(folder, new Date(`${DAY}T11:15:00Z`));
  const key = packKey("turns", DAY, 1);
  await rm(join(folder, "analytics", key));
  expect(await verify(folder)).toMatchObject({
    code: 1,
    out: expect.stringContaining(
      `dt=${DAY}/hr=10  [packed hour] is a packed hour whose record differs from what is stored: ${key} is missing. To do: pack it again (--fix)\n`,
    ),
  });
  const fixed = await verify(folder, "--fix");
  expect([fixed.code, fixed.error]).toEqual([0, "Hours packed again: 1. Checked again:\n"]);
  expect(await verify(folder)).toMatchObject({ code: 0, error: "" });
});

const NOTHING = { processed: 0, put: 0, days: 0, hours: 0, left: 0, elsewhere: [] };

test.each([
  [{ days: 1, hours: 2 }, "Closed days rebuilt: 1. Hours packed again: 2. Checked again:"],
  [
    { hours: 2, elsewhere: ["the archive"] },
    "Hours to be packed again: 2. the archive processes them; run verify again when that is done",
  ],
])("%j is formatted as %j", (repaired, text) => {
  expect(repairedText({ ...NOTHING, ...repaired })).toBe(text);
});
