import { createRoute, z } from "@hono/zod-openapi";
import { conversations } from "../../../queries/tables/conversations.ts";
import { dataPoints } from "../../../queries/tables/data-points.ts";
import { evaluations } from "../../../queries/tables/evaluations.ts";
import { llmUsage } from "../../../queries/tables/llm-usage.ts";
import { recordings } from "../../../queries/tables/recordings.ts";
import { toolCalls } from "../../../queries/tables/tool-calls.ts";
import { turns } from "../../../queries/tables/turns.ts";
import { variables } from "../../../queries/tables/variables.ts";
import {
  answerSchema,
  anyRow,
  facetsSchema,
  memoriesSchema,
  PARAMETERS,
  pageSchema,
  pathId,
  placeSchema,
  problemSchema,
  QUESTION_PARAMETERS,
  questionSchema,
  rowSchema,
  SQL_PARAMETERS,
  tableSchema,
} from "./schemas.ts";

/** The path of the read API. */
export const PREFIX = "/api/v1";

/** JSON of this schema. */
export const json = (schema: z.ZodType) => ({ "application/json": { schema } });
const bytes = (type: string) => ({ [type]: { schema: z.string().openapi({ format: "binary" }) } });
/** A response with a problem. */
export const problem = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: problemSchema } },
});

const TOO_LARGE = { 422: problem("On AWS: the response is larger than a function may return") };
/** The problem of a request that is not valid. */
export const NOT_VALID = { 400: problem("A parameter is unknown or not valid") };
/** The problems that every request may have. */
export const BUSY = {
  403: problem("Another host or origin; or the AWS credentials of the server may not read the archive"),
  429: problem("Too many requests at once"),
  500: problem("An unexpected failure; the log has the reason"),
};
const QUERIED = {
  ...NOT_VALID,
  ...TOO_LARGE,
  ...BUSY,
  503: problem("The query engine failed, or the query took too long or would read too much"),
};
const OF_CALL = {
  ...NOT_VALID,
  ...TOO_LARGE,
  ...BUSY,
  404: problem("There is no such call"),
  409: problem("The index or the JSON of the call is damaged, or the object is in Glacier"),
  410: problem("The call was deleted"),
};
const UNCHANGED = { 304: { description: "The client has this response already (If-None-Match)" } };
const IN_S3 = { 302: { description: "On a stack: the address of the object in S3, valid for an hour" } };
const CALL = pathId("conversation_id");

const row = rowSchema(conversations);

/** The routes, as OpenAPI describes them. */
export const ROUTES = {
  calls: createRoute({
    method: "get",
    path: `${PREFIX}/calls`,
    operationId: "listCalls",
    summary: "Calls and failed attempts that fit a filter",
    request: { query: PARAMETERS.calls },
    responses: { 200: { description: "One page", content: json(pageSchema(row)) }, ...UNCHANGED, ...QUERIED },
  }),
  facets: createRoute({
    method: "get",
    path: `${PREFIX}/calls/facets`,
    operationId: "countCalls",
    summary: "Counts by agent, channel, direction, outcome and day for the same filter",
    request: { query: PARAMETERS.facets },
    responses: { 200: { description: "Counts", content: json(facetsSchema) }, ...UNCHANGED, ...QUERIED },
  }),
  call: createRoute({
    method: "get",
    path: `${PREFIX}/calls/{conversation_id}`,
    operationId: "readCall",
    summary: "One call with all its rows",
    request: { params: CALL, query: PARAMETERS.none },
    responses: {
      200: {
        description: "The call",
        content: json(
          z.object({
            conversation: row,
            turns: z.array(rowSchema(turns)),
            tool_calls: z.array(rowSchema(toolCalls)),
            evaluations: z.array(rowSchema(evaluations)),
            data_points: z.array(rowSchema(dataPoints)),
            variables: z.array(rowSchema(variables)),
            llm_usage: z.array(rowSchema(llmUsage)),
            recording: rowSchema(recordings).nullable(),
            archive: placeSchema,
            memories: memoriesSchema,
          }),
        ),
      },
      ...UNCHANGED,
      ...OF_CALL,
    },
  }),
  transcript: createRoute({
    method: "get",
    path: `${PREFIX}/calls/{conversation_id}/transcript`,
    operationId: "readTranscript",
    summary: "The transcript as text, Markdown, captions or JSON",
    request: { params: CALL, query: PARAMETERS.transcript },
    responses: {
      200: {
        description: "The transcript",
        content: {
          "text/plain": { schema: z.string() },
          "text/markdown": { schema: z.string() },
          "text/vtt": { schema: z.string() },
          ...json(pageSchema(rowSchema(turns))),
        },
      },
      ...UNCHANGED,
      ...OF_CALL,
    },
  }),
  recording: createRoute({
    method: "get",
    path: `${PREFIX}/calls/{conversation_id}/recording`,
    operationId: "readRecording",
    summary: "The MP3, or a range of its bytes",
    request: { params: CALL, query: PARAMETERS.none },
    responses: {
      200: { description: "The MP3", content: bytes("audio/mpeg") },
      206: { description: "The requested range", content: bytes("audio/mpeg") },
      ...IN_S3,
      416: problem("The range begins beyond the end"),
      ...UNCHANGED,
      ...OF_CALL,
    },
  }),
  raw: createRoute({
    method: "get",
    path: `${PREFIX}/calls/{conversation_id}/raw`,
    operationId: "readRaw",
    summary: "The bytes as delivered",
    request: { params: CALL, query: PARAMETERS.none },
    responses: {
      200: { description: "The bytes", content: json(z.unknown()) },
      ...IN_S3,
      ...UNCHANGED,
      ...OF_CALL,
    },
  }),
  search: createRoute({
    method: "get",
    path: `${PREFIX}/search`,
    operationId: "search",
    summary: "Where a phrase was said, with the entries before and after",
    request: { query: PARAMETERS.search },
    responses: {
      200: { description: "One page of hits", content: json(pageSchema(anyRow)) },
      ...UNCHANGED,
      ...QUERIED,
    },
  }),
  caller: createRoute({
    method: "get",
    path: `${PREFIX}/callers/{caller}`,
    operationId: "readCaller",
    summary: "The calls of one person in short, their outcomes, and the memories",
    request: { params: pathId("caller"), query: PARAMETERS.none },
    responses: {
      200: {
        description: "The person",
        content: json(
          z.object({
            caller: z.string(),
            call_count: z.int(),
            calls: z.array(anyRow),
            is_cut: z.boolean(),
            outcomes: z.array(z.object({ value: z.string().nullable(), calls: z.int() })),
            memories: memoriesSchema,
          }),
        ),
      },
      404: problem("There is no call of this person"),
      ...UNCHANGED,
      ...QUERIED,
    },
  }),
  overview: createRoute({
    method: "get",
    path: `${PREFIX}/overview`,
    operationId: "readOverview",
    summary: "The numbers of a range, of the range before it, and of each of their days",
    request: { query: PARAMETERS.overview },
    responses: {
      200: {
        description: "Numbers",
        content: json(z.object({ current: anyRow, previous: anyRow, days: z.array(anyRow) })),
      },
      ...UNCHANGED,
      ...QUERIED,
    },
  }),
  archive: createRoute({
    method: "get",
    path: `${PREFIX}/archive`,
    operationId: "readArchive",
    summary: "How complete the archive is, per day",
    request: { query: PARAMETERS.range },
    responses: {
      200: {
        description: "Completeness; a part that this archive cannot state is null",
        content: json(
          z.object({
            from: z.string(),
            to: z.string(),
            days: z.array(anyRow),
            dead_letters: z.array(anyRow).nullable(),
            missing_calls: z.array(z.string()).nullable(),
            missing_checked_at: z.iso.datetime().nullable(),
            findings: z.array(anyRow).nullable(),
            finding_count: z.int().nullable(),
            findings_checked_at: z.iso.datetime().nullable(),
            doctor_checked_at: z.iso.datetime().nullable(),
          }),
        ),
      },
      ...UNCHANGED,
      ...QUERIED,
    },
  }),
  questions: createRoute({
    method: "get",
    path: `${PREFIX}/questions`,
    operationId: "listQuestions",
    summary: "The saved queries",
    request: { query: PARAMETERS.none },
    responses: {
      200: { description: "All of them", content: json(pageSchema(questionSchema)) },
      ...UNCHANGED,
      ...NOT_VALID,
      ...BUSY,
    },
  }),
  question: createRoute({
    method: "get",
    path: `${PREFIX}/questions/{name}`,
    operationId: "ask",
    summary: "The answer to one question; its parameters are parameters of the request",
    request: { params: pathId("name"), query: QUESTION_PARAMETERS },
    responses: {
      200: {
        description: "The rows",
        content: {
          ...json(answerSchema.extend({ values: z.record(z.string(), z.string()) })),
          "text/csv": { schema: z.string() },
        },
      },
      404: problem("There is no such question"),
      ...UNCHANGED,
      ...QUERIED,
    },
  }),
  tables: createRoute({
    method: "get",
    path: `${PREFIX}/tables`,
    operationId: "listTables",
    summary: "The tables with their columns, and whether own SQL can be run",
    request: { query: PARAMETERS.none },
    responses: {
      200: { description: "All of them", content: json(pageSchema(tableSchema).extend({ has_own_sql: z.boolean() })) },
      ...UNCHANGED,
      ...NOT_VALID,
      ...BUSY,
    },
  }),
  sql: createRoute({
    method: "get",
    path: `${PREFIX}/sql`,
    operationId: "runSql",
    summary: "The rows of one SELECT of Athena SQL; for an archive in a folder, on a loopback address, only",
    request: { query: SQL_PARAMETERS },
    responses: {
      200: { description: "The rows", content: { ...json(answerSchema), "text/csv": { schema: z.string() } } },
      ...UNCHANGED,
      ...QUERIED,
      403: problem("Another origin"),
      404: problem("This archive runs no SQL of people"),
      400: problem("The statement is not a SELECT on the tables, fails, or exceeds a limit"),
    },
  }),
};
