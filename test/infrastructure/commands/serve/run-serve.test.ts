import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { runCommand } from "../../../support/fixtures/command.ts";
import { newFolder } from "../../../support/fixtures/local.ts";

const AT_ONCE = { stop: AbortSignal.abort() };

test("serves the read API until it is stopped, prints its address, and writes nothing", async () => {
  const folder = await newFolder();
  const { code, error } = await runCommand("serve", folder, [], { PORT: "0" }, AT_ONCE);
  expect([code, error]).toEqual([
    0,
    expect.stringMatching(/^The read API of .* is at http:\/\/127\.0\.0\.1:\d+\/api\/v1\/calls\n$/),
  ]);
  expect(await readdir(folder)).toEqual([]);
});

test("prints an address with a token if other machines can reach it", async () => {
  const { error } = await runCommand("serve", await newFolder(), [], { PORT: "0", HOST: "0.0.0.0" }, AT_ONCE);
  expect(error).toMatch(/\/api\/v1\/calls\?token=[\w-]{32}\n$/);
});
