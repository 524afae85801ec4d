import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openLocalEngine } from "../../queries/engine/local-engine.client.ts";
import { ParameterError, parameterValues } from "../../queries/engine/parameter-values.ts";
import { readSavedQueries } from "../../queries/engine/saved-queries.client.ts";
import { writeLive } from "./analytics-folder.ts";
import { anyValues } from "./cases.ts";
import { expectUnchanged, HOSTILE, ONE_CALL } from "./hostile-values.ts";

const hostile = Object.entries(HOSTILE);

const folder = await mkdtemp(join(tmpdir(), "analytics-"));
await writeLive(folder, ONE_CALL);
const engine = await openLocalEngine(folder);
afterAll(async () => {
  engine.close();
  await rm(folder, { recursive: true });
});

describe.each(await readSavedQueries())("$name", (query) => {
  test.each(hostile)("runs the same query with %s as a value", async (_, value) => {
    await expectUnchanged(engine, query, value);
  });

  test.each(hostile)("accepts %s as text or refuses it, before it runs", (_, value) => {
    const usual = anyValues(query, "2026-11-01", "2026-11-02");
    for (const [index, { type, choices }] of query.parameters.entries()) {
      const taken = () => parameterValues(query, usual.with(index, value), new Date());
      const isNumber = (type === "integer" || type === "double") && value === "-5";
      if ((type === "string" && !choices) || isNumber) expect(taken()[index]).toBe(value);
      else expect(taken).toThrow(ParameterError);
    }
  });
});
