import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { expect, onTestFinished, test } from "vitest";
import { runCommand, spawnCommand } from "../../../support/fixtures/command.ts";
import { lineWith } from "../../../support/fixtures/line-with.ts";
import { newFolder } from "../../../support/fixtures/local.ts";

const AT_ONCE = { stop: AbortSignal.abort() };

test("serves the console and the read API until it is stopped, prints their addresses, and writes nothing", async () => {
  const folder = await newFolder();
  const { code, error } = await runCommand("serve", folder, [], { PORT: "0" }, AT_ONCE);
  expect([code, error]).toEqual([
    0,
    expect.stringMatching(
      /^The console of .* is at http:\/\/127\.0\.0\.1:\d+\/\nThe read API is at http:\/\/127\.0\.0\.1:\d+\/api\/v1\/calls\n$/,
    ),
  ]);
  expect(await readdir(folder)).toEqual([]);
});

test("prints an address with a token if other machines can reach it", async () => {
  const { error } = await runCommand("serve", await newFolder(), [], { PORT: "0", HOST: "0.0.0.0" }, AT_ONCE);
  expect(error).toMatch(/\/api\/v1\/calls\?token=[\w-]{32}\n$/);
});

test.each(["serve", "start"])("%s has the actions of its folder, and ends while one may run", async (command) => {
  const child = spawnCommand(command, await newFolder(), [], { PORT: "0" });
  onTestFinished(() => void child.kill("SIGKILL"));
  const api = (await lineWith(/http:\S+\/api\/v1\/calls/, child.stderr, command)).replace(/\/calls$/, "");
  const { token } = (await (await fetch(`${api}/actions`)).json()) as { token: string };
  const headers = {
    origin: new URL(api).origin,
    "content-type": "application/json",
    "x-action-token": token,
  };
  const started = await fetch(`${api}/actions/reprocess`, { method: "POST", headers, body: '{"all":true}' });
  expect([started.status, await started.json()]).toMatchObject([202, { action: "reprocess", state: "running" }]);
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
});
