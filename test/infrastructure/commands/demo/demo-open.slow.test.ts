import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { SHOWCASE_COUNT } from "../../../../infrastructure/samples/sample-calls.ts";
import { ENTRY } from "../../../support/fixtures/command.ts";
import { newFolder } from "../../../support/fixtures/local.ts";

test("with --open, the console answers at the address that it prints, until Ctrl-C", async () => {
  const folder = await newFolder();
  // An empty PATH has no program that opens a browser.
  const running = spawn(process.execPath, [ENTRY, "demo", "--open"], { cwd: folder, env: { PATH: folder } });
  onTestFinished(() => void running.kill("SIGKILL"));
  const { promise, resolve } = Promise.withResolvers<string>();
  let printed = "";
  running.stdout.on("data", (chunk: Buffer) => {
    printed += chunk;
    const address = /Look and listen at (\S+) until/.exec(printed)?.[1];
    if (address) resolve(address);
  });
  const address = await promise;
  const calls = (await (await fetch(`${address}api/v1/calls`)).json()) as { readonly items: readonly unknown[] };
  expect(calls.items).toHaveLength(SHOWCASE_COUNT);
  expect((await fetch(address)).headers.get("content-type")).toContain("text/html");
  expect((await fetch(`${address}api/v1/actions`)).status).toBe(200);
  running.kill("SIGINT");
  const [status] = await once(running, "exit");
  expect(status).toBe(0);
});
