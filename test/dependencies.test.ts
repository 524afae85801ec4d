import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { entries, isObject, text } from "../handlers/call/json.ts";

const ROOT = join(import.meta.dirname, "..");
const manifest = read("package.json");
const lock = read("package-lock.json");
const packages = entries(lock["packages"]).flatMap(([path, about]) =>
  path !== "" && isObject(about) ? [{ path, about }] : [],
);

test("every direct dependency is pinned to one version", () => {
  const pinned = [...entries(manifest["dependencies"]), ...entries(manifest["devDependencies"])];
  expect(pinned.length).toBeGreaterThan(20);
  expect(pinned.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(text(version) ?? ""))).toEqual([]);
});

test("every package has a hash, except bundled packages and bindings for some platforms", () => {
  const own = packages.filter(({ about }) => about["inBundle"] !== true && about["optional"] !== true);
  expect(own.length).toBeGreaterThan(100);
  expect(own.filter(({ about }) => !text(about["integrity"])?.startsWith("sha512-")).map(nameOf)).toEqual([]);
});

test("only the packages of Node and esbuild have an install script, and no function needs them", () => {
  const running = packages.filter(({ about }) => about["hasInstallScript"] === true && about["peer"] !== true);
  expect(running.filter(({ about }) => about["dev"] !== true).map(nameOf)).toEqual([]);
  expect(running.map(nameOf)).toEqual(["esbuild", "node"]);
  // npm 11 and later require a decision about each script. esbuild works without its script, which only saves a process.
  expect(manifest["allowScripts"]).toEqual({ esbuild: false, node: true });
});

test("optional peer packages are not installed", () => {
  expect(readFileSync(join(ROOT, ".npmrc"), "utf8")).toContain("omit=peer");
  expect(existsSync(join(ROOT, "node_modules/better-sqlite3"))).toBe(false);
});

function nameOf({ path }: { readonly path: string }): string {
  return path.replace(/^.*node_modules\//, "");
}

function read(file: string): Record<string, unknown> {
  const value: unknown = JSON.parse(readFileSync(join(ROOT, file), "utf8"));
  return isObject(value) ? value : {};
}
