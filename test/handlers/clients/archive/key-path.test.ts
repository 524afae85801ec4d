import { posix, win32 } from "node:path";
import { describe, expect, test } from "vitest";
import { isHeldOpen } from "../../../../handlers/clients/archive/atomic-file.client.ts";
import { fileOfKey, keyOfFile } from "../../../../handlers/clients/archive/key-path.ts";

const KEY = "live/turns/dt=2026-11-01/conv_1.parquet";

describe.each([
  ["POSIX", posix, "/home/a/archive", "/home/a/archive/live/turns/dt=2026-11-01/conv_1.parquet"],
  ["Windows", win32, "C:\\a\\archive", "C:\\a\\archive\\live\\turns\\dt=2026-11-01\\conv_1.parquet"],
] as const)("on %s", (_, path, folder, file) => {
  test("a key maps to a file, and the file maps to the key with forward slashes", () => {
    expect(fileOfKey(folder, KEY, path)).toBe(file);
    expect(keyOfFile(folder, file, path)).toBe(KEY);
  });

  test.each(["", "/a", "a/", "a//b", "../a", "a/../../b", "a/./b", "a\\..\\..\\b", "a\0"])(
    "%j is not a valid key",
    (key) => {
      expect(() => fileOfKey(folder, key, path)).toThrow("is not a valid key: its file would be outside of the folder");
    },
  );
});

test.each([
  "1202/con.json",
  "1202/NUL.failure.json",
  "_index/com1",
  "1202/a:b.json",
  "1202/a?.json",
  "1202/a.",
  "1202/a ",
])("%j has no file on Windows, but one on other systems", (key) => {
  expect(() => fileOfKey("C:\\a", key, win32)).toThrow("cannot be stored in a folder on Windows");
  expect(fileOfKey("/a", key, posix)).toBe(`/a/${key}`);
});

test.each(["1202/conv_1.json", "1202/console.json", "_index/com10x", "memories/+12025550101.jsonl"])(
  "%j has a file on Windows",
  (key) => {
    expect(fileOfKey("C:\\a", key, win32)).toBe(`C:\\a\\${key.replaceAll("/", "\\")}`);
  },
);

test("a rename is retried only for the errors that Windows has for an open file", () => {
  const errorWith = (code: string) => Object.assign(new Error(code), { code });
  for (const code of ["EPERM", "EACCES", "EBUSY"]) {
    expect([isHeldOpen(errorWith(code), "win32"), isHeldOpen(errorWith(code), "linux")]).toEqual([true, false]);
  }
  expect(isHeldOpen(errorWith("ENOSPC"), "win32")).toBe(false);
  expect(isHeldOpen("EPERM", "win32")).toBe(false);
});
