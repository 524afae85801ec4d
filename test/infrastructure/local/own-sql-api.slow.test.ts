import { expect, test } from "vitest";
import { aFailure, aTranscription, transcriptOf } from "../../support/fixtures/events.ts";
import { aRunningArchive, newFolder, post } from "../../support/fixtures/local.ts";

async function anArchive(env: Record<string, string> = {}) {
  const archive = await aRunningArchive(await newFolder(), env);
  await post(archive.url, aTranscription({ transcript: transcriptOf("Hello", "=1+1") }));
  await post(archive.url, aFailure({ conversation_id: "conv_2" }));
  await archive.queue.idle();
  const { origin, searchParams } = new URL(archive.readUrl);
  const token = searchParams.get("token");
  const sql = async (query: string, more: Record<string, string> = {}, headers: Record<string, string> = {}) => {
    const parameters = new URLSearchParams({ query, ...more, ...(token && { token }) });
    const response = await fetch(`${origin}/api/v1/sql?${parameters}`, { headers });
    const text = await response.text();
    return { status: response.status, text, json: text.startsWith("{") ? JSON.parse(text) : undefined };
  };
  const tables = async () => (await fetch(`${origin}/api/v1/tables${token ? `?token=${token}` : ""}`)).json();
  return { ...archive, sql, tables };
}

test("a SELECT has rows as JSON and as CSV, and its errors have a place", async () => {
  const { sql, tables } = await anArchive();
  const query = "select conversation_id, message from turns order by turn_index";
  expect((await sql(query)).json).toEqual({
    items: [
      { conversation_id: "conv_1", message: "Hello" },
      { conversation_id: "conv_1", message: "=1+1" },
    ],
    next_cursor: null,
    columns: ["conversation_id", "message"].map((name) => ({ name, type: "varchar" })),
    is_cut: false,
    most_rows: 10_000,
  });
  expect((await sql(query, { format: "csv" })).text).toBe(
    "conversation_id,message\r\nconv_1,Hello\r\nconv_1,'=1+1\r\n",
  );
  expect(await sql("select\n  mesage\nfrom turns")).toMatchObject({
    status: 400,
    json: { detail: expect.stringContaining("Did you mean message?"), place: { line: 2, column: 3, length: 6 } },
  });
  const long = `select count(*) as n from turns where message <> '${"ä?&".repeat(3_000)}'`;
  expect((await sql(long)).json).toMatchObject({ items: [{ n: 2 }] });
  expect((await sql(`select ${" ".repeat(20_000)} 1`)).status).toBe(400);
  expect((await sql("select 1", { limit: "5" })).status).toBe(400);
  expect(await tables()).toMatchObject({ has_own_sql: true, items: expect.any(Array) });
});

test("a page of another origin cannot choose SQL, and the archive's own page can", async () => {
  const { sql } = await anArchive();
  for (const site of ["cross-site", "same-site"]) {
    for (const mode of ["navigate", "cors", "no-cors"]) {
      const refused = await sql("select 1", {}, { "sec-fetch-site": site, "sec-fetch-mode": mode });
      expect(refused).toMatchObject({ status: 403, json: { title: "Another origin" } });
    }
  }
  expect((await sql("select 1", {}, { "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors" })).status).toBe(200);
});

test("on an address that others reach, no SQL is run", async () => {
  const { sql, tables } = await anArchive({ HOST: "0.0.0.0" });
  expect(await sql("select 1")).toMatchObject({ status: 404, json: { title: "No SQL here" } });
  expect(await tables()).toMatchObject({ has_own_sql: false });
});

test("while a statement fills memory, calls are received and read", async () => {
  const { sql, url } = await anArchive();
  const hungry = sql("select array_agg(repeat('x', 1000) order by x) from unnest(sequence(1, 10000000)) a (x)");
  const received = await post(url, aTranscription({ conversation_id: "conv_3" }));
  expect(received.status).toBe(200);
  expect((await fetch(`${url}/api/v1/calls`)).status).toBe(200);
  expect(await hungry).toMatchObject({ status: 400, json: { detail: expect.stringMatching(/memory|took longer/) } });
});
