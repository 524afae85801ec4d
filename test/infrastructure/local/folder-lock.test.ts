import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { FolderInUse, liveHolder, lockFolder } from "../../../infrastructure/local/folder-lock.client.ts";
import { newFolder } from "../../support/fixtures/local.ts";

/** Another process that lives until it is ended. */
async function aProcess() {
  const child = spawn(process.execPath, ["-e", "process.stdin.resume(); console.log('up')"]);
  const ended = once(child, "exit");
  const end = async () => {
    child.kill("SIGKILL");
    await ended;
  };
  onTestFinished(end);
  await once(child.stdout, "data");
  return { pid: child.pid ?? 0, end };
}

test("whoever has the folder is named in it, until it is released", async () => {
  const folder = join(await newFolder(), "made", "for", "it");
  const release = await lockFolder(folder);
  expect(await readFile(join(folder, "lock"), "utf8")).toBe(`${process.pid} npm start`);
  await release();
  await expect(stat(join(folder, "lock"))).rejects.toThrow("ENOENT");
  await (await lockFolder(folder))();
});

test("is refused while another process has it, and had when that one is dead", async () => {
  const folder = await newFolder();
  const other = await aProcess();
  await writeFile(join(folder, "lock"), String(other.pid));
  expect(await liveHolder(folder)).toEqual({ pid: other.pid, command: "npm start" });
  await expect(lockFolder(folder)).rejects.toThrow(FolderInUse);
  await expect(lockFolder(folder)).rejects.toThrow(`process ${other.pid}`);
  await other.end();
  expect(await liveHolder(folder)).toBeUndefined();
  await (await lockFolder(folder))();
});

test("says what the folder is taken for", async () => {
  const folder = await newFolder();
  const other = await aProcess();
  await writeFile(join(folder, "lock"), `${other.pid} npm run compact`);
  await expect(lockFolder(folder)).rejects.toThrow(`npm run compact already runs in ${folder} (process ${other.pid})`);
});

test("a lock that nobody renews is of a dead process, whoever has its number now", async () => {
  const folder = await newFolder();
  const other = await aProcess();
  await writeFile(join(folder, "lock"), String(other.pid));
  const ago = (seconds: number) => new Date(Date.now() - 1000 * seconds);
  await utimes(join(folder, "lock"), ago(13), ago(13));
  expect(await liveHolder(folder)).toEqual({ pid: other.pid, command: "npm start" });
  await utimes(join(folder, "lock"), ago(16), ago(16));
  expect(await liveHolder(folder)).toBeUndefined();
});

test.each(["", "garbage", "0", "-1"])("a lock that says %j holds nobody up", async (text) => {
  const folder = await newFolder();
  await writeFile(join(folder, "lock"), text);
  expect(await liveHolder(folder)).toBeUndefined();
  await (await lockFolder(folder))();
});

test("says what the system says when the folder cannot be had", async () => {
  const folder = await newFolder();
  await writeFile(join(folder, "file"), "");
  await expect(lockFolder(join(folder, "file"))).rejects.toThrow(/EEXIST|ENOTDIR/);
});
