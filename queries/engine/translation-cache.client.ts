import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { findPackageJSON } from "node:module";
import { join } from "node:path";
import { checkedValue, withChecksum } from "../tables/checksum.ts";
import { parsedJson } from "../tables/parsed-json.ts";

/**
 * `duckdbSql` with a cache in `folder`, so that a process rarely loads the translator: 23 MB of WebAssembly, which take
 * longer than most queries (0.4 s of 0.9 s for a saved query as a command, Node 24.9, measured 2026-11).
 *
 * Use it for statements of the product only: a person's own SQL may have words of callers. A folder that cannot be
 * written, or a damaged file, only costs time.
 */
export function cachedTranslation(folder: string): (athenaSql: string) => Promise<string> {
  const known = new Map<string, Promise<string>>();
  let version: Promise<string> | undefined;

  async function translation(athenaSql: string): Promise<string> {
    version ??= translatorVersion();
    const file = join(folder, `${sha256(`${await version}\n${athenaSql}`)}.json`);
    const stored = await readFile(file, "utf8").then(statementIn, () => undefined);
    if (stored !== undefined) return stored;
    const { duckdbSql } = await import("./translate.ts");
    const translated = duckdbSql(athenaSql);
    await store(file, JSON.stringify(withChecksum({ sql: translated }))).catch(() => {});
    return translated;
  }

  async function store(file: string, text: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    const temporary = `${file}.${randomUUID()}`;
    await writeFile(temporary, text);
    await rename(temporary, file);
  }

  return (athenaSql) => {
    const found = known.get(athenaSql) ?? translation(athenaSql);
    known.set(athenaSql, found);
    return found;
  };
}

/** The version of the translator: of its package, and of our own code. */
async function translatorVersion(): Promise<string> {
  const sdk = findPackageJSON("@polyglot-sql/sdk", import.meta.url) ?? "";
  const sources = ["translate.ts", "date-arithmetic.ts"].map((name) => join(import.meta.dirname, name));
  const texts = await Promise.all([sdk, ...sources].map((path) => readFile(path, "utf8").catch(() => "")));
  return sha256(texts.join("\n"));
}

/** The statement in a stored translation; `undefined` if it is missing or damaged. */
function statementIn(stored: string): string | undefined {
  const { sql } = Object(checkedValue(parsedJson(stored)));
  return typeof sql === "string" ? sql : undefined;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
