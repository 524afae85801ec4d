import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, cp, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { NotLockable } from "../../../infrastructure/local/file-lock.client.ts";
import { FolderInUse, liveHolder, lockFolder } from "../../../infrastructure/local/folder-lock.client.ts";
import { newFolder } from "../../support/fixtures/local.ts";
import { aTaker } from "../../support/fixtures/lock-takers.ts";

/** Another process that runs until `end`. It works in no folder. */
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

/** The time `seconds` ago. */
const ago = (seconds: number) => new Date(Date.now() - 1000 * seconds);

test("names the holder in a file of the folder until it is released", async () => {
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

test("one process at a time holds a folder, and errors of others name it", async () => {
  const { folder, holder } = await aLockedFolder();
  const named = { pid: holder.pid, command: "npm run compact", since: expect.stringMatching(/^\d{4}-.*Z$/) };
  expect(await liveHolder(folder)).toEqual(named);
  await expect(lockFolder(folder)).rejects.toThrow(FolderInUse);
  const message = `npm run compact already runs in ${folder} (process ${holder.pid}) since `;
  await expect(lockFolder(folder)).rejects.toThrow(message);
  await expect(lockFolder(folder)).rejects.toThrow(/ since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC: stop it or wait for it/);
});

test("one caller at a time holds a folder within a process, too", async () => {
  const folder = await newFolder();
  const release = await lockFolder(folder, "npm run erase");
  await expect(lockFolder(folder)).rejects.toThrow(`npm run erase already runs in ${folder} (process ${process.pid})`);
  await release();
  await release();
  await (await lockFolder(folder))();
});

test("a killed process no longer holds the folder, even if its holder file remains and its child runs", async () => {
  const { folder, holder, child = 0 } = await aLockedFolder("with-child");
  onTestFinished(() => void process.kill(child, "SIGKILL"));
  await holder.kill();
  expect(process.kill(child, 0)).toBe(true);
  expect(JSON.parse(await readFile(join(folder, "lock"), "utf8"))).toMatchObject({ pid: holder.pid });
  expect(await liveHolder(folder)).toBeUndefined();
  await (await lockFolder(folder))();
});

// Windows has no signal that suspends a process.
test.skipIf(process.platform === "win32")("a suspended process keeps the folder for any time", async () => {
  const { folder, holder } = await aLockedFolder();
  holder.signal("SIGSTOP");
  // The times of files after a laptop slept for an hour.
  for (const name of await readdir(folder)) await utimes(join(folder, name), ago(3_600), ago(3_600));
  expect(await liveHolder(folder)).toMatchObject({ pid: holder.pid });
  await expect(lockFolder(folder)).rejects.toThrow(FolderInUse);
  holder.signal("SIGCONT");
  await expect(lockFolder(folder)).rejects.toThrow(FolderInUse);
  await holder.kill();
  await (await lockFolder(folder))();
});

test("looking up the holder takes no lock and leaves no file", async () => {
  const folder = await newFolder();
  expect(await liveHolder(folder)).toBeUndefined();
  expect(await liveHolder(join(folder, "none"))).toBeUndefined();
  expect(await readdir(folder)).toEqual([]);
  await (await lockFolder(folder))();
  const lookups = Array.from({ length: 20 }, () => liveHolder(folder));
  const release = await lockFolder(folder);
  await Promise.all(lookups);
  await release();
});

test("a copy of a locked folder is not locked", async () => {
  const { folder } = await aLockedFolder();
  const copy = join(await newFolder(), "copy");
  await cp(folder, copy, { recursive: true, preserveTimestamps: true });
  expect(await readdir(copy)).toEqual(["lock", "lock.sqlite"]);
  expect(await liveHolder(copy)).toBeUndefined();
  await (await lockFolder(copy))();
});

test.each(["garbage", "garbage ".repeat(2_000), "SQLite format 3\0"])(
  "text in the locked file (%#) neither releases the lock nor breaks it",
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

test("a process that locks its own folder again keeps the lock, even after text was written to the locked file", async () => {
  const folder = await newFolder();
  const release = await lockFolder(folder);
  // Another process writes, because a process that closes the file loses its own lock.
  const script = `require("fs").writeFileSync(${JSON.stringify(join(folder, "lock.sqlite"))}, "garbage")`;
  await once(spawn(process.execPath, ["-e", script]), "exit");
  await expect(lockFolder(folder)).rejects.toThrow(FolderInUse);
  const other = await aTaker(folder);
  expect((await other.take()).refused).toMatch(/^FolderInUse: npm start already runs/);
  await release();
});

test("releasing a lock twice keeps the holder file of the next holder", async () => {
  const folder = await newFolder();
  const first = await lockFolder(folder);
  await first();
  const second = await lockFolder(folder, "npm run verify");
  await first();
  expect(JSON.parse(await readFile(join(folder, "lock"), "utf8"))).toMatchObject({ command: "npm run verify" });
  await second();
});

test.each(["", "garbage", "{}"])("a holder file with %j does not release the lock", async (text) => {
  const { folder, holder } = await aLockedFolder();
  await writeFile(join(folder, "lock"), text);
  expect(await liveHolder(folder)).toEqual({ command: undefined });
  await holder.kill();
  await (await lockFolder(folder))();
});

test("a holder without a holder file keeps the folder, and the error does not name it", async () => {
  const { folder } = await aLockedFolder();
  await rm(join(folder, "lock"));
  const unnamed = `another process works in ${folder}, and ${join(folder, "lock")} does not name it`;
  await expect(lockFolder(folder)).rejects.toThrow(unnamed);
});

test.each(["", "garbage", "0", "-1", "{}"])("a holder file with %j does not lock the folder", async (text) => {
  const folder = await newFolder();
  await writeFile(join(folder, "lock"), text);
  expect(await liveHolder(folder)).toBeUndefined();
  await (await lockFolder(folder))();
});

test("a running process of an earlier version keeps the folder, and a dead one does not", async () => {
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

test("the error names the command of an earlier version", async () => {
  const folder = await newFolder();
  const other = await aProcess();
  await writeFile(join(folder, "lock"), `${other.pid} npm run compact`);
  await expect(lockFolder(folder)).rejects.toThrow(
    `npm run compact already runs in ${folder} (process ${other.pid}): `,
  );
});

test("an old holder file of an earlier version does not lock the folder, even if its process id is in use", async () => {
  const folder = await newFolder();
  const other = await aProcess();
  await writeFile(join(folder, "lock"), String(other.pid));
  await utimes(join(folder, "lock"), ago(13), ago(13));
  expect(await liveHolder(folder)).toEqual({ pid: other.pid, command: "npm start" });
  await utimes(join(folder, "lock"), ago(16), ago(16));
  expect(await liveHolder(folder)).toBeUndefined();
});

test("passes on the system's error if the folder cannot be created", async () => {
  const folder = await newFolder();
  await writeFile(join(folder, "file"), "");
  await expect(lockFolder(join(folder, "file"))).rejects.toThrow(/EEXIST|ENOTDIR/);
});

test("the error states why a file cannot be locked", async () => {
  const folder = await newFolder();
  await mkdir(join(folder, "lock.sqlite"));
  const reason = `${join(folder, "lock.sqlite")} cannot be locked (unable to open database file): `;
  await expect(lockFolder(folder)).rejects.toThrow(NotLockable);
  await expect(lockFolder(folder)).rejects.toThrow(reason);
  await expect(liveHolder(folder)).rejects.toThrow(reason);
});

// On Windows, `chmod` makes no folder read-only.
test.skipIf(process.platform === "win32" || process.getuid?.() === 0)(
  "a read-only folder is a NotLockable error",
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
