import * as native from "node:path";

/** The path rules of a system: `node:path`, or its `win32` or `posix`. */
type PathStyle = Pick<typeof native, "join" | "relative" | "sep">;

/**
 * The path of the file of `key` below `folder`. Keys have forward slashes on every system.
 *
 * Keys are made of checked parts; this is the last check.
 *
 * @throws if the file would be outside of `folder`, or if the system does not allow its name.
 */
export function fileOfKey(folder: string, key: string, path: PathStyle = native): string {
  const parts = key.split("/");
  if (!isInFolder(key)) {
    throw new Error(`${JSON.stringify(key)} is not a valid key: its file would be outside of the folder`);
  }
  if (path.sep === "\\" && parts.some(isRefusedByWindows)) {
    throw new Error(
      `${JSON.stringify(key)} cannot be stored in a folder on Windows, which does not allow this file name`,
    );
  }
  return path.join(folder, ...parts);
}

/**
 * Whether the file of `key` is inside its folder on every system. On Linux and macOS a person may put a file into the
 * folder for which this is false: a file name may have a backslash there.
 */
export function isInFolder(key: string): boolean {
  return !/[\\\0]/.test(key) && !key.split("/").some((part) => part === "" || part === "." || part === "..");
}

/** The key of the file at `file` below `folder`. */
export function keyOfFile(folder: string, file: string, path: PathStyle = native): string {
  return path.relative(folder, file).replaceAll(path.sep, "/");
}

/**
 * Whether a name is a device's, with any ending, or has a character that Windows does not allow (learn.microsoft.com,
 * Naming files, 2026-11).
 */
function isRefusedByWindows(part: string): boolean {
  return /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(part) || /[<>:"|?*]|[. ]$/.test(part);
}
