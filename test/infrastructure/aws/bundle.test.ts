import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sha256 } from "../../../handlers/call/digest.ts";
import { bundles } from "../../../infrastructure/aws/bundle.client.ts";

const built = await bundles();

test("the receiver's bundle contains no package that it does not need", () => {
  const { receiver } = built;
  const names = receiver.parts.map(({ name }) => name);
  for (const heavy of ["mem0ai", "axios", "hyparquet-writer", "zod", "@duckdb/node-api"]) {
    expect(names).not.toContain(heavy);
  }
});

test("no bundle imports node:http, which would load undici", async () => {
  for (const { folder } of Object.values(built)) {
    const code = await readFile(join(folder, "index.mjs"), "utf8");
    const imported = [...code.matchAll(/\bimport\b[^"';]{0,500}"([^"]+)"/g)].map(([, name]) => name);
    expect(imported).toContain("node:module");
    expect(imported.filter((name) => name === "node:http" || name === "http")).toEqual([]);
  }
});

test("every bundle is within its budget, and the same sources give the same bytes", async () => {
  const hashes = (of: typeof built) =>
    Promise.all(
      Object.values(of).map(async ({ folder, bytes, budget }) => {
        expect(bytes).toBeLessThanOrEqual(budget);
        return sha256(await readFile(join(folder, "index.mjs")));
      }),
    );
  const before = await hashes(built);
  expect(before).toEqual(await hashes(await bundles()));
});
