import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { compress } from "hono/compress";
import { type Log, reasonOf } from "../../clients/observability/log.ts";
import { archiveReport } from "../archive-report.ts";
import { callReport } from "../call.ts";
import { callerReport } from "../caller.ts";
import { callsPage } from "../calls.ts";
import { csvOf } from "../csv.ts";
import { facetsOf } from "../facets.ts";
import { findCall } from "../find-call.ts";
import { jsonRow, jsonRows } from "../json-rows.ts";
import { overviewOf } from "../overview.ts";
import { Problem } from "../problem.ts";
import { answerTo, MOST_ROWS, questionOf } from "../questions.ts";
import type { ReadDeps } from "../read-deps.ts";
import { searchPage } from "../search.ts";
import { transcriptMarkdown, transcriptText, transcriptVtt, turnsOf } from "../transcript.ts";
import { addActions, addNoActions } from "./action-handlers.ts";
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
    const problem = error instanceof Problem ? error : unexpected(error);
    if (problem.status >= 500) log({ event: "read failed", reason: reasonOf(problem.cause ?? problem) });
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
        return jsonResponse({ items: turns.map(jsonRow), next_cursor: null }, conditions(c));
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
    if (format === "csv") return textResponse(csvOf(answer), "text/csv; charset=utf-8", conditions(c));
    const { columns, isCut } = answer;
    const page = { items: jsonRows(answer), next_cursor: null, columns, is_cut: isCut, most_rows: MOST_ROWS };
    return jsonResponse(page, conditions(c));
  });
  if (deps.actions) addActions(app, deps.actions);
  else addNoActions(app);
  app.get(`${PREFIX}/openapi.json`, (c) => jsonResponse(app.getOpenAPI31Document(ABOUT), conditions(c)));
  return app;
}

const ABOUT = {
  openapi: "3.1.0",
  info: {
    title: "Call archive",
    version: "1",
    description: "Reads an archive of ElevenLabs calls. Times are ISO 8601 in UTC, and days are YYYY-MM-DD.",
    license: { name: "MIT", identifier: "MIT" },
  },
  servers: [{ url: "/" }],
};

function conditions(c: Context): ObjectRequest {
  return {
    method: c.req.method,
    ifNoneMatch: c.req.header("if-none-match"),
    range: c.req.header("range"),
    ifRange: c.req.header("if-range"),
  };
}

function idIn(c: Context, name: string): string {
  return c.req.param(name) ?? "";
}

function unexpected(error: Error): Problem {
  const detail = "The archive could not be read; the log has the reason.";
  return new Problem(500, "Unexpected failure", detail, { cause: error });
}
