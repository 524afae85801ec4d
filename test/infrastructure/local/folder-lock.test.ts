import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, cp, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { NotLockable } from "../../../infrastructure/local/file-lock.client.ts";
import { FolderInUse, liveHolder, lockFolder } from "../../../infrastructure/local/folder-lock.client.ts";
import { newFolder } from "../../support/fixtures/local.ts";
import { aTaker } from "../../support/fixtures/lock-takers.ts";

/** Another process that lives until it is ended. It works in no folder. */
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

/** A folder, and another process that works in it. */
async function aLockedFolder(...args: string[]) {
  const folder = await newFolder();
  const holder = await aTaker(folder, ...args);
  const { refused, child } = await holder.take();
  expect(refused).toBeUndefined();
  return { folder, holder, child };
}

/** When a file was last changed that was changed so many seconds ago. */
const ago = (seconds: number) => new Date(Date.now() - 1000 * seconds);

test("whoever has the folder is named in it, until it is released", async () => {
  const folder = join(await newFolder(), "made", "for", "it");
  const release = await lockFolder(folder);
  const note = JSON.parse(await readFile(join(folder, "lock"), "utf8"));
  expect(note).toMatchObject({ pid: process.pid, command: "npm start" });
  expect(Date.now() - Date.parse(note.since)).toBeLessThan(10_000);
  await release();
  await expect(stat(join(folder, "lock"))).rejects.toThrow("ENOENT");
  expect(await liveHolder(folder)).toBeUndefined();
  await (await lockFolder(folder))();
});

test("a folder serves one process at a time, and names it to the others", async () => {
  const { folder, holder } = await aLockedFolder();
  const named = { pid: holder.pid, command: "npm run compact", since: expect.stringMatching(/^\d{4}-.*Z$/) };
  expect(await liveHolder(folder)).toEqual(named);
  await expect(lockFolder(folder)).rejects.toThrow(FolderInUse);
  const message = `npm run compact already runs in ${folder} (process ${holder.pid}) since `;
  await expect(lockFolder(folder)).rejects.toThrow(message);
  await expect(lockFolder(folder)).rejects.toThrow(/ since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC: stop it or wait for it/);
});

test("serves one at a time within a process, too", async () => {
  const folder = await newFolder();
  const release = await lockFolder(folder, "npm run erase");
  await expect(lockFolder(folder)).rejects.toThrow(`npm run erase already runs in ${folder} (process ${process.pid})`);
  await release();
  await release();
  await (await lockFolder(folder))();
});

test("a process that is killed has the folder no longer, though its note is there, and though its child lives", async () => {
  const { folder, holder, child = 0 } = await aLockedFolder("with-child");
  onTestFinished(() => void process.kill(child, "SIGKILL"));
  await holder.kill();
  expect(process.kill(child, 0)).toBe(true);
  expect(JSON.parse(await readFile(join(folder, "lock"), "utf8"))).toMatchObject({ pid: holder.pid });
  expect(await liveHolder(folder)).toBeUndefined();
  await (await lockFolder(folder))();
});

// Windows has no signal that stops a process for a while.
test.skipIf(process.platform === "win32")("a process that is stopped, for any time, keeps the folder", async () => {
  const { folder, holder } = await aLockedFolder();
  holder.signal("SIGSTOP");
  // As a laptop finds its files that slept for an hour.
  for (const name of await readdir(folder)) await utimes(join(folder, name), ago(3_600), ago(3_600));
  expect(await liveHolder(folder)).toMatchObject({ pid: holder.pid });
  await expect(lockFolder(folder)).rejects.toThrow(FolderInUse);
  holder.signal("SIGCONT");
  await expect(lockFolder(folder)).rejects.toThrow(FolderInUse);
  await holder.kill();
  await (await lockFolder(folder))();
});

test("whoever asks takes nothing, and leaves nothing", async () => {
  const folder = await newFolder();
  expect(await liveHolder(folder)).toBeUndefined();
  expect(await liveHolder(join(folder, "none"))).toBeUndefined();
  expect(await readdir(folder)).toEqual([]);
  await (await lockFolder(folder))();
  const requested = Array.from({ length: 20 }, () => liveHolder(folder));
  const release = await lockFolder(folder);
  await Promise.all(requested);
  await release();
});

test("a copy of a folder in use is free", async () => {
  const { folder } = await aLockedFolder();
  const copy = join(await newFolder(), "copy");
  await cp(folder, copy, { recursive: true, preserveTimestamps: true });
  expect(await readdir(copy)).toEqual(["lock", "lock.sqlite"]);
  expect(await liveHolder(copy)).toBeUndefined();
  await (await lockFolder(copy))();
});

test.each(["garbage", "garbage ".repeat(2_000), "SQLite format 3\0"])(
  "what somebody writes into the locked file (%#) neither frees the folder nor closes it",
  async (text) => {
    const { folder, holder } = await aLockedFolder();
    await writeFile(join(folder, "lock.sqlite"), text);
    await expect(lockFolder(folder)).rejects.toThrow(FolderInUse);
    expect(await liveHolder(folder)).toMatchObject({ pid: holder.pid });
    await writeFile(join(folder, "lock.sqlite"), text);
    await holder.kill();
    expect(await liveHolder(folder)).toBeUndefined();
    await (await lockFolder(folder))();
    expect((await stat(join(folder, "lock.sqlite"))).size).toBe(0);
  },
);

test("a process that asks for its own folder again keeps it, whatever was written into the locked file", async () => {
  const folder = await newFolder();
  const release = await lockFolder(folder);
  // By another process: one that closes the file gives its own lock back.
  const script = `require("fs").writeFileSync(${JSON.stringify(join(folder, "lock.sqlite"))}, "garbage")`;
  await once(spawn(process.execPath, ["-e", script]), "exit");
  await expect(lockFolder(folder)).rejects.toThrow(FolderInUse);
  const other = await aTaker(folder);
  expect((await other.take()).refused).toMatch(/^FolderInUse: npm start already runs/);
  await release();
});

test("a lock that is released twice leaves the next holder its note", async () => {
  const folder = await newFolder();
  const first = await lockFolder(folder);
  await first();
  const second = await lockFolder(folder, "npm run verify");
  await first();
  expect(JSON.parse(await readFile(join(folder, "lock"), "utf8"))).toMatchObject({ command: "npm run verify" });
  await second();
});

test.each(["", "garbage", "{}"])("a note that says %j frees nothing", async (text) => {
  const { folder, holder } = await aLockedFolder();
  await writeFile(join(folder, "lock"), text);
  expect(await liveHolder(folder)).toEqual({ command: undefined });
  await holder.kill();
  await (await lockFolder(folder))();
});

test("a holder whose note is gone keeps the folder, and is not named", async () => {
  const { folder } = await aLockedFolder();
  await rm(join(folder, "lock"));
  const unnamed = `another process works in ${folder}, and ${join(folder, "lock")} does not name it`;
  await expect(lockFolder(folder)).rejects.toThrow(unnamed);
});

test.each(["", "garbage", "0", "-1", "{}"])("a lock that says %j holds nobody up", async (text) => {
  const folder = await newFolder();
  await writeFile(join(folder, "lock"), text);
  expect(await liveHolder(folder)).toBeUndefined();
  await (await lockFolder(folder))();
});

test("is refused while a process of an earlier version has it, and had when that one is dead", async () => {
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

test("says what an earlier version has the folder for", async () => {
  const folder = await newFolder();
  const other = await aProcess();
  await writeFile(join(folder, "lock"), `${other.pid} npm run compact`);
  await expect(lockFolder(folder)).rejects.toThrow(
    `npm run compact already runs in ${folder} (process ${other.pid}): `,
  );
});

test("a lock of an earlier version that nobody renews is of a dead process, whoever has its number now", async () => {
  const folder = await newFolder();
  const other = await aProcess();
  await writeFile(join(folder, "lock"), String(other.pid));
  await utimes(join(folder, "lock"), ago(13), ago(13));
  expect(await liveHolder(folder)).toEqual({ pid: other.pid, command: "npm start" });
  await utimes(join(folder, "lock"), ago(16), ago(16));
  expect(await liveHolder(folder)).toBeUndefined();
});

test("says what the system says when the folder cannot be had", async () => {
  const folder = await newFolder();
  await writeFile(join(folder, "file"), "");
  await expect(lockFolder(join(folder, "file"))).rejects.toThrow(/EEXIST|ENOTDIR/);
});

test("says why a file cannot be locked", async () => {
  const folder = await newFolder();
  await mkdir(join(folder, "lock.sqlite"));
  const reason = `${join(folder, "lock.sqlite")} cannot be locked (unable to open database file): `;
  await expect(lockFolder(folder)).rejects.toThrow(NotLockable);
  await expect(lockFolder(folder)).rejects.toThrow(reason);
  await expect(liveHolder(folder)).rejects.toThrow(reason);
});

// On Windows, a folder that may only be read is made by other means.
test.skipIf(process.platform === "win32" || process.getuid?.() === 0)(
  "says so where the folder may only be read",
  async () => {
    const folder = await newFolder();
    await writeFile(join(folder, "lock.sqlite"), "");
    await chmod(join(folder, "lock.sqlite"), 0o400);
    await expect(lockFolder(folder)).rejects.toThrow(NotLockable);
    await rm(join(folder, "lock.sqlite"));
    await chmod(folder, 0o500);
    onTestFinished(() => chmod(folder, 0o700));
    await expect(lockFolder(folder)).rejects.toThrow(NotLockable);
    expect(await liveHolder(folder)).toBeUndefined();
  },
);
