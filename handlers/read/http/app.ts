import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { compress } from "hono/compress";
import { turns as TURNS } from "../../../queries/tables/turns.ts";
import { at } from "../../call/json.ts";
import { type Log, reasonOf } from "../../clients/observability/log.ts";
import { archiveReport } from "../archive-report.ts";
import { callReport } from "../call.ts";
import { callerReport } from "../caller.ts";
import { callsPage } from "../calls.ts";
import { csvOf } from "../csv.ts";
import { facetsOf } from "../facets.ts";
import { findCall } from "../find-call.ts";
import { jsonColumns, jsonRow, jsonRows } from "../json-rows.ts";
import { overviewOf } from "../overview.ts";
import { ownAnswer, tableDescriptions } from "../own-sql.ts";
import { Problem } from "../problem.ts";
import { type Answer, answerTo, MOST_ROWS, questionOf } from "../questions.ts";
import type { ReadDeps } from "../read-deps.ts";
import { searchPage } from "../search.ts";
import { transcriptMarkdown, transcriptText, transcriptVtt, turnsOf } from "../transcript.ts";
import { addActions, addNoActions } from "./action-handlers.ts";
import { ABOUT, SECURITY } from "./description.ts";
import { invalidRequest } from "./invalid-request.ts";
import { type ObjectRequest, rawResponse, recordingResponse } from "./objects.ts";
import { jsonResponse, problemResponse, textResponse } from "./respond.ts";
import { PREFIX, ROUTES } from "./routes.ts";

/** The most requests that are answered at once. */
export const MOST_AT_ONCE = 64;

/** The read API over `deps`, for requests whose access is checked. Only its actions change anything. */
export function readApp(deps: ReadDeps, log: Log) {
  let running = 0;
  const app = new OpenAPIHono({
    defaultHook: (result) => {
      if (!result.success) throw invalidRequest(result.error.issues, "parameter");
    },
  });
  app.onError((error) => {
    const problem = error instanceof Problem ? error : isRefused(error) ? notAllowed(error) : unexpected(error);
    if (problem.status >= 500 || problem.status === 403)
      log({ event: "read failed", reason: reasonOf(problem.cause ?? problem) });
    return problemResponse(problem);
  });
  app.notFound(() => {
    const detail = `There is no such path: GET ${PREFIX}/openapi.json lists all.`;
    return problemResponse(new Problem(404, "No such path", detail));
  });
  app.use(compress());
  app.use(async (_, next) => {
    if (running >= MOST_AT_ONCE) {
      const detail = `${MOST_AT_ONCE} requests are being answered. Repeat this one after a second.`;
      throw new Problem(429, "Too many requests", detail, { headers: { "retry-after": "1" } });
    }
    running += 1;
    await next().finally(() => {
      running -= 1;
    });
  });

  app.openapi(ROUTES.calls, async (c) => {
    const { sort, cursor, limit, ...filter } = c.req.valid("query");
    return jsonResponse(await callsPage(filter, { sort, cursor, limit }, deps), conditions(c));
  });
  app.openapi(ROUTES.facets, async (c) => jsonResponse(await facetsOf(c.req.valid("query"), deps), conditions(c)));
  app.openapi(ROUTES.call, async (c) => {
    return jsonResponse(await callReport(idIn(c, "conversation_id"), deps), conditions(c));
  });
  app.openapi(ROUTES.transcript, async (c) => {
    const { event, name } = await findCall(idIn(c, "conversation_id"), deps);
    const turns = turnsOf(event, name.caller ?? "");
    switch (c.req.valid("query").format) {
      case "txt":
        return textResponse(transcriptText(turns), "text/plain; charset=utf-8", conditions(c));
      case "md":
        return textResponse(
          transcriptMarkdown(turns, event.conversationId),
          "text/markdown; charset=utf-8",
          conditions(c),
        );
      case "vtt":
        return textResponse(transcriptVtt(turns), "text/vtt; charset=utf-8", conditions(c));
      case "json":
        return jsonResponse({ items: turns.map((row) => jsonRow(row, TURNS)), next_cursor: null }, conditions(c));
    }
  });
  app.openapi(ROUTES.recording, (c) => recordingResponse(idIn(c, "conversation_id"), conditions(c), deps));
  app.openapi(ROUTES.raw, (c) => rawResponse(idIn(c, "conversation_id"), conditions(c), deps));
  app.openapi(ROUTES.search, async (c) => {
    const { cursor, limit, ...search } = c.req.valid("query");
    return jsonResponse(await searchPage(search, { cursor, limit }, deps), conditions(c));
  });
  app.openapi(ROUTES.caller, async (c) => jsonResponse(await callerReport(idIn(c, "caller"), deps), conditions(c)));
  app.openapi(ROUTES.overview, async (c) => jsonResponse(await overviewOf(c.req.valid("query"), deps), conditions(c)));
  app.openapi(ROUTES.archive, async (c) =>
    jsonResponse(await archiveReport(c.req.valid("query"), deps), conditions(c)),
  );
  app.openapi(ROUTES.questions, async (c) => {
    const items = (await deps.questions()).map(questionOf);
    return jsonResponse({ items, next_cursor: null }, conditions(c));
  });
  app.openapi(ROUTES.question, async (c) => {
    const { format, ...given } = c.req.valid("query");
    const answer = await answerTo(idIn(c, "name"), given, deps);
    return answerResponse(answer, format, conditions(c), { values: answer.values });
  });
  app.openapi(ROUTES.tables, async (c) => {
    const tables = { items: tableDescriptions(), next_cursor: null, has_own_sql: deps.ownSql !== undefined };
    return jsonResponse(tables, conditions(c));
  });
  app.openapi(ROUTES.sql, async (c) => {
    checkOwnPage(c.req.header("sec-fetch-site"));
    const { format, query } = c.req.valid("query");
    const answer = await ownAnswer(query, c.req.raw.signal, deps);
    return answerResponse(answer, format, conditions(c));
  });
  if (deps.actions) addActions(app, deps.actions);
  else addNoActions(app);
  for (const [name, scheme] of Object.entries(SECURITY))
    app.openAPIRegistry.registerComponent("securitySchemes", name, scheme);
  app.get(`${PREFIX}/openapi.json`, (c) => jsonResponse(app.getOpenAPI31Document(ABOUT), conditions(c)));
  return app;
}

function answerResponse(answer: Answer, format: "csv" | "json", request: ObjectRequest, more: object = {}): Response {
  if (format === "csv") return textResponse(csvOf(answer), "text/csv; charset=utf-8", request);
  const [columns, items] = [jsonColumns(answer), jsonRows(answer)];
  return jsonResponse(
    { items, next_cursor: null, columns, is_cut: answer.isCut, most_rows: MOST_ROWS, ...more },
    request,
  );
}

/**
 * Another page may open an address of this archive, and so make it work, although it cannot read the response. It may not
 * choose SQL.
 */
function checkOwnPage(site: string | undefined): void {
  if (site === undefined || site === "same-origin" || site === "none") return;
  throw new Problem(403, "Another origin", "SQL is run for the page of this archive only.");
}

function conditions(c: Context): ObjectRequest {
  return {
    method: c.req.method,
    ifNoneMatch: c.req.header("if-none-match"),
    range: c.req.header("range"),
    ifRange: c.req.header("if-range"),
    isOwnPage: c.req.header("sec-fetch-site") === "same-origin",
  };
}

function idIn(c: Context, name: string): string {
  return c.req.param(name) ?? "";
}

/** Whether AWS refused a request because of its signer's rights. */
function isRefused(error: Error): boolean {
  return at(error, "$metadata", "httpStatusCode") === 403;
}

function notAllowed(error: Error): Problem {
  const detail = "The AWS credentials of this server may not read the archive; the log has the reason.";
  return new Problem(403, "Not allowed by AWS", detail, { cause: error });
}

function unexpected(error: Error): Problem {
  const detail = "The archive could not be read; the log has the reason.";
  return new Problem(500, "Unexpected failure", detail, { cause: error });
}
