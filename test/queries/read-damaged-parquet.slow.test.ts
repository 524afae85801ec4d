import { expect, test } from "vitest";
import { parquetFile } from "../../queries/tables/parquet.ts";
import { rowsIn, UnreadableParquet } from "../../queries/tables/read-parquet.ts";
import type { AnyRow } from "../../queries/tables/table.ts";
import { turns } from "../../queries/tables/turns.ts";

const ROWS: AnyRow[] = Array.from({ length: 30 }, (_, index) => ({
  conversation_id: "conv_1",
  turn_index: index,
  role: index % 2 === 0 ? "agent" : "user",
  message: `This is what was said in turn ${index}.`,
}));

// Without the checks, hyparquet loops for ever for about one bit in thirty, and the test would not finish.
test("after any flipped bit, a live object is read or is unreadable, and no reader hangs", async () => {
  const whole = parquetFile(turns, ROWS);
  for (let bit = 0; bit < 8 * whole.length; bit += 1) {
    const damaged = Buffer.from(whole);
    damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const startedAt = performance.now();
    const rows = await rowsIn(turns, damaged).catch((error: unknown) => error);
    expect(Array.isArray(rows) ? rows.length : rows, `bit ${bit}`).toEqual(
      Array.isArray(rows) ? ROWS.length : expect.any(UnreadableParquet),
    );
    expect(performance.now() - startedAt, `bit ${bit}`).toBeLessThan(20_000);
  }
});
