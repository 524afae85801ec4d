import type { OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { parsedJson } from "../../../queries/tables/parsed-json.ts";
import { ACTIONS, type ActionName, type ActionRequests } from "../action-requests.ts";
import type { ActionRun, Actions } from "../action-runs.ts";
import { Problem } from "../problem.ts";
import { shortened } from "../range.ts";
import { actionProblem } from "./access.ts";
import { ACTION_ROUTES, BODIES } from "./action-routes.ts";
import { invalidRequest } from "./invalid-request.ts";
import { jsonResponse, SAFE_HEADERS } from "./respond.ts";
import { PREFIX } from "./routes.ts";
import { PARAMETERS } from "./schemas.ts";

/** The most bytes of a body: about as many as 1,000 ids. */
const MAX_BODY_BYTES = 1_000_000;

/** Adds a response to the paths of actions that states where actions exist. */
export function addNoActions(app: OpenAPIHono): void {
  app.all(`${PREFIX}/actions/*`, noActions);
  app.all(`${PREFIX}/actions`, noActions);
}

/** Adds the paths of `actions` to the read API. */
export function addActions(app: OpenAPIHono, actions: Actions): void {
  app.post(`${PREFIX}/actions/*`, async (c, next) => {
    const problem = actionProblem(c.req.header(), actions.token) ?? notJson(c.req.header("content-type"));
    if (problem) throw problem;
    await next();
  });
  app.post(`${PREFIX}/actions/*`, bodyLimit({ maxSize: MAX_BODY_BYTES, onError: tooLarge }));

  function addStart<Name extends ActionName>(action: Name, schema: z.ZodType<ActionRequests[Name]>): void {
    const route = ACTION_ROUTES[action];
    app.openAPIRegistry.registerPath(route);
    app.post(route.path, async (c) => {
      checkParameters(c);
      const request = schema.safeParse(parsedJson(await c.req.text()));
      if (!request.success) throw invalidRequest(request.error.issues, "field");
      return started(actions.start(action, request.data));
    });
  }
  addStart("redrive", BODIES.redrive);
  addStart("reprocess", BODIES.reprocess);
  addStart("backfill", BODIES.backfill);
  addStart("verify", BODIES.verify);

  app.openAPIRegistry.registerPath(ACTION_ROUTES.list);
  app.get(ACTION_ROUTES.list.path, (c) => {
    checkParameters(c);
    const { token, unavailable } = actions;
    // Requests and results may be large.
    const runs = actions.runs.map(({ request, result: _, ...run }) => ({
      ...run,
      dry_run: "dry_run" in request && request.dry_run,
    }));
    return unsharedResponse(200, {
      token,
      actions: ACTIONS.map((name) => ({ name, unavailable: unavailable(name) ?? null })),
      running: runs.filter(({ state }) => state === "running"),
      ended: runs.filter(({ state }) => state !== "running"),
    });
  });
  app.openapi(ACTION_ROUTES.run, async (c) => {
    const id = c.req.param("id");
    const run = actions.find(id);
    if (!run) {
      const detail = `There is no run ${shortened(id)} since the archive was started: GET ${PREFIX}/actions lists the last ones.`;
      throw new Problem(404, "No such run", detail);
    }
    return jsonResponse(run, { ifNoneMatch: c.req.header("if-none-match") });
  });
}

function noActions(): never {
  const detail =
    "Actions exist only for an archive in a folder, on a loopback address (HOST). Use the commands: npm run redrive, reprocess, backfill or verify.";
  throw new Problem(404, "No actions here", detail);
}

function notJson(contentType: string | undefined): Problem | undefined {
  if (/^application\/json *(;|$)/i.test(contentType ?? "")) return undefined;
  return new Problem(415, "Not JSON", "Send the body as Content-Type: application/json.");
}

function tooLarge(_: Context): never {
  // The rest of the body is not read, so the connection cannot be used for another request.
  const headers = { connection: "close" };
  throw new Problem(413, "Body too large", `The body may have ${MAX_BODY_BYTES} bytes: select fewer objects.`, {
    headers,
  });
}

function checkParameters(c: Context): void {
  const parameters = PARAMETERS.none.safeParse(c.req.query());
  if (!parameters.success) throw invalidRequest(parameters.error.issues, "parameter");
}

function started(run: ActionRun): Response {
  return unsharedResponse(202, run, { location: `${PREFIX}/actions/${run.id}` });
}

/** A response that no cache keeps. */
function unsharedResponse(status: number, body: object, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...SAFE_HEADERS, "cache-control": "no-store", "content-type": "application/json", ...headers },
  });
}
