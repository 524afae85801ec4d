import { z } from "@hono/zod-openapi";
import { LONGEST_SQL } from "../../../queries/engine/own-sql.ts";
import { TOPICS } from "../../../queries/engine/saved-queries.ts";
import type { Column, Table } from "../../../queries/tables/table.ts";
import { SORTS } from "../calls.ts";
import { FACETS } from "../facets.ts";
import { TRANSCRIPT_FORMATS } from "../transcript.ts";

/** A text of a filter. Athena accepts values of up to 1,024 characters. */
const short = z.string().min(1).max(500);
const day = z.string().max(30).openapi({ format: "date", example: "2026-11-30" });

/** The days of a request. */
const RANGE = { from: day.optional(), to: day.optional() };

/** The filter of a list of calls. */
const FILTER = {
  ...RANGE,
  agent: short.optional(),
  caller: short.optional(),
  direction: short.optional(),
  channel: short.optional(),
  status: short.optional(),
  outcome: short.optional(),
  source: short.optional(),
  min_duration: z.coerce.number().min(0).optional(),
  max_duration: z.coerce.number().min(0).optional(),
  has_recording: z
    .enum(["true", "false"])
    .transform((word) => word === "true")
    .optional(),
  failed_criterion: short.optional(),
};

const PAGE = {
  cursor: z.string().min(1).max(4_000).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
};

const sorts = [...SORTS, ...SORTS.map((name) => `-${name}` as const)] as const;

/** The parameters of each request. A parameter that is not named here is an error. */
export const PARAMETERS = {
  calls: z.strictObject({ ...FILTER, sort: z.enum(sorts).default("-started_at"), ...PAGE }),
  facets: z.strictObject(FILTER),
  none: z.strictObject({}),
  transcript: z.strictObject({ format: z.enum(TRANSCRIPT_FORMATS).default("txt") }),
  search: z.strictObject({
    phrase: short,
    speaker: z.enum(["any", "user", "agent"]).default("any"),
    agent: short.optional(),
    ...RANGE,
    ...PAGE,
  }),
  overview: z.strictObject({ ...RANGE, agent: short.optional() }),
  range: z.strictObject(RANGE),
};

/** The parameters of a statement that a person wrote. */
export const SQL_PARAMETERS = z.strictObject({
  query: z.string().min(1).max(LONGEST_SQL),
  format: z.enum(["json", "csv"]).default("json"),
});

/** The parameters of a question depend on it, so they are checked with it. */
export const QUESTION_PARAMETERS = z
  .object({ format: z.enum(["json", "csv"]).default("json") })
  .catchall(z.string().max(1_000));

/** An id in a path. */
export const pathId = (name: string) => z.object({ [name]: z.string().min(1).max(1_000) });

/** A problem (RFC 9457). */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    place: z.object({ line: z.int(), column: z.int(), length: z.int() }).optional().openapi({
      description: "The part of a statement that is the reason. Lines and columns count from 1",
    }),
  })
  .openapi("Problem");

const JSON_TYPE: Record<Column["type"], z.ZodType> = {
  string: z.string(),
  boolean: z.boolean(),
  int: z.int(),
  bigint: z.union([z.int(), z.string()]),
  double: z.number(),
  timestamp: z.iso.datetime(),
};

/** The rows of a table, in a response. */
export function rowSchema({ name, columns }: Table) {
  const shape = Object.entries(columns).map(([column, { type, comment, required }]) => [
    column,
    (required ? JSON_TYPE[type] : JSON_TYPE[type].nullable()).openapi({ description: comment }),
  ]);
  return z.object({ ...Object.fromEntries(shape), dt: day.optional() }).openapi(`Row_${name}`);
}

const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** A row of a query. */
export const anyRow = z.record(z.string(), cell);

/** One page of a list. */
export function pageSchema(item: z.ZodType) {
  return z.object({ items: z.array(item), next_cursor: z.string().nullable() });
}

const memory = z.object({
  user_id: z.string(),
  type: z.enum(["factual", "semantic"]),
  conversation_id: z.string(),
  messages: z.array(z.object({ role: z.enum(["user", "assistant"]), content: z.string() })),
  metadata: z.record(z.string(), cell),
});

/** The memories of a person; `null` if a memory service stores them. */
export const memoriesSchema = z.array(memory).nullable();

/** Counts by facet. */
export const facetsSchema = z.object({
  calls: z.int(),
  ...Object.fromEntries(
    FACETS.map((name) => [name, z.array(z.object({ value: cell, name: cell, calls: z.int() }))] as const),
  ),
});

/** Where the archive has a call. */
export const placeSchema = z.object({
  raw_key: z.string(),
  audio_key: z.string().nullable(),
  received_at: z.iso.datetime(),
  signature: z.enum(["valid", "invalid", "none", "unknown secret"]),
  steps: z.array(
    z.object({
      step: z.enum(["audio", "rows", "memory"]),
      state: z.enum(["done", "failed", "open"]),
      reason: z.string().nullable(),
    }),
  ),
});

/** A saved query. */
export const questionSchema = z.object({
  name: z.string(),
  topic: z.enum(TOPICS),
  question: z.string(),
  grain: z.string(),
  parameters: z.array(
    z.object({
      name: z.string(),
      type: z.enum(["string", "integer", "double", "date", "zone"]),
      meaning: z.string(),
      default: z.string().nullable(),
      choices: z.array(z.string()).nullable(),
    }),
  ),
  reads: z.array(z.string()),
  chart: z.object({ kind: z.enum(["bar", "line"]), value: z.string(), labels: z.array(z.string()) }).nullable(),
  sql: z.string(),
});

/** The rows of an answer. */
export const answerSchema = pageSchema(anyRow).extend({
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  is_cut: z.boolean(),
  most_rows: z.int(),
});

/** A table, for people who write SQL. */
export const tableSchema = z.object({
  name: z.string(),
  grain: z.string(),
  columns: z.array(z.object({ name: z.string(), type: z.string(), comment: z.string() })),
});
