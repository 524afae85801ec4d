import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCommand } from "../../../support/fixtures/command.ts";
import { newFolder } from "../../../support/fixtures/local.ts";

const AT_ONCE = { stop: AbortSignal.abort() };

test("accepts deliveries until it is stopped, and prints the address and the secret", async () => {
  const { code, error } = await runCommand("start", await newFolder(), [], { PORT: "0" }, AT_ONCE);
  expect(code).toBe(0);
  expect(error).toMatch(/ accepts deliveries at http:\/\/127\.0\.0\.1:\d+\/post-call\n/);
  expect(error).toMatch(/Webhook secret, stored in .*\/webhook-secret: wsec_[0-9a-f]{64}\n/);
  expect(error).toContain("Stopping. The next start continues with pending objects.\n");
});

test("names a setting that it cannot use", async () => {
  const { code, out, error } = await runCommand("start", await newFolder(), [], { PORT: "http" }, AT_ONCE);
  expect([code, out]).toEqual([2, ""]);
  expect(error).toBe('PORT is "http": it must be a whole number from 0 to 65535\n');
});

test.each(["start", "serve"])("%s names the setting if it cannot listen on HOST", async (command) => {
  // 192.0.2.1 is reserved for documentation, and no machine has it.
  const { code, error } = await runCommand(command, await newFolder(), [], { PORT: "0", HOST: "192.0.2.1" }, AT_ONCE);
  expect([code, error]).toEqual([
    2,
    expect.stringMatching(/^HOST is "192\.0\.2\.1": it must be an address or name of this machine \(.*EADDRNOTAVAIL/),
  ]);
});

test("states what ARCHIVE_DIR must be if it cannot be created", async () => {
  const file = join(await newFolder(), "file");
  await writeFile(file, "");
  const { code, error } = await runCommand("start", join(file, "archive"), [], { PORT: "0" }, AT_ONCE);
  expect([code, error]).toEqual([
    1,
    expect.stringMatching(
      /^System error: ENOTDIR.*\. ARCHIVE_DIR must be a folder that this user may create, read and write\n$/,
    ),
  ]);
});
