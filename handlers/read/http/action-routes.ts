import { createRoute, z } from "@hono/zod-openapi";
import { isUtcDate } from "../../../queries/tables/utc-date.ts";
import { transcription } from "../../call/kinds/transcription.ts";
import { ACTIONS, type ActionName, type ActionRequests } from "../action-requests.ts";
import { BUSY, json, NOT_VALID, PREFIX, problem } from "./routes.ts";
import { PARAMETERS, pathId } from "./schemas.ts";

const day = z
  .string()
  .max(30)
  .refine(isUtcDate, "must be a UTC date as YYYY-MM-DD")
  .openapi({ format: "date", example: "2026-11-30" });
const id = z.string().min(1).max(500);
const ids = z.array(id).min(1).max(1_000);
/** No character that leads to another folder. */
const caller = z.string().regex(/^[A-Za-z0-9_+-]{1,128}$/, "must be the caller column of a call, or +12025550101");
const dryRun = z.boolean().default(false).openapi({ description: "Returns what would be done, and changes nothing" });
const all = z.literal(true).optional().openapi({ description: "Required if nothing is selected" });

const isOneOf = (...given: unknown[]) => given.filter((each) => each !== undefined).length === 1;
const isRange = ({ from = "", to = "9999" }: { from?: string | undefined; to?: string | undefined }) => from <= to;
const RANGE_ERROR = "from is after to: exchange them";

/** The body of a request that starts an action. A field that is not named here is an error. */
export const BODIES = {
  redrive: z
    .strictObject({ keys: ids.optional(), all, quarantined: z.boolean().default(false), dry_run: dryRun })
    .refine(({ keys, all }) => isOneOf(keys, all), "either keys or all is required")
    .transform(({ all: _, ...request }) => request),
  reprocess: z
    .strictObject({
      conversation_ids: ids.optional(),
      from: day.optional(),
      to: day.optional(),
      agent: id.optional(),
      caller: caller.optional(),
      all,
      only: z
        .array(z.enum(["audio", "rows", "memory"]))
        .min(1)
        .max(3)
        .optional(),
      dry_run: dryRun,
    })
    .refine(isRange, RANGE_ERROR)
    .refine(
      ({ conversation_ids, from, to, agent, caller, all }) =>
        isOneOf(
          [conversation_ids, from, to, agent, caller].find((each) => each !== undefined),
          all,
        ),
      "either a selection or all is required",
    )
    .transform(({ all: _, only, ...request }) => ({
      ...request,
      // In the order of the steps, so that the same request finds its bookmark.
      only: only && transcription.steps.filter((step) => only.includes(step)),
    })),
  backfill: z
    .strictObject({ from: day, to: day.optional(), agent: id.optional(), dry_run: dryRun })
    .refine(isRange, RANGE_ERROR),
  verify: z
    .strictObject({
      conversation_id: id.optional(),
      from: day.optional(),
      to: day.optional(),
      caller: caller.optional(),
      recordings: z.boolean().default(false).openapi({ description: "Also reads each recording to its end" }),
      fix: z.boolean().default(false).openapi({ description: "Repairs what can be repaired" }),
    })
    .refine(isRange, RANGE_ERROR),
} satisfies { readonly [Name in ActionName]: z.ZodType<ActionRequests[Name]> };

const anyRun = z.object({
  id: z.string(),
  action: z.enum(ACTIONS),
  state: z.enum(["running", "done", "failed"]),
  done: z.int(),
  total: z.int().nullable(),
  message: z.string(),
  started_at: z.iso.datetime(),
  ended_at: z.iso.datetime().nullable(),
});
const listedRun = anyRun.extend({ dry_run: z.boolean() });
const run = anyRun
  .extend({
    request: z.record(z.string(), z.unknown()),
    result: z.record(z.string(), z.unknown()).nullable(),
  })
  .openapi("ActionRun");

const starting = (name: ActionName, summary: string) =>
  createRoute({
    method: "post",
    path: `${PREFIX}/actions/${name}`,
    operationId: name,
    summary,
    request: {
      headers: z.object({ "x-action-token": z.string().optional() }),
      query: PARAMETERS.none,
      body: { required: true, content: json(BODIES[name]) },
    },
    responses: {
      202: { description: "It runs; its progress is at Location", content: json(run) },
      ...NOT_VALID,
      ...BUSY,
      403: problem("Another origin, or no valid token"),
      409: problem("A run of this action has not ended, or the action is not available"),
      413: problem("The body is too large"),
      415: problem("The body is not JSON"),
      503: problem("The archive is being stopped"),
    },
  });

/** The routes of actions, as OpenAPI describes them. They exist for a local archive only. */
export const ACTION_ROUTES = {
  list: createRoute({
    method: "get",
    path: `${PREFIX}/actions`,
    operationId: "listActions",
    summary: "The actions, their last runs, and the token to start one",
    request: { query: PARAMETERS.none },
    responses: {
      200: {
        description: "Actions",
        content: json(
          z.object({
            token: z.string(),
            actions: z.array(z.object({ name: z.enum(ACTIONS), unavailable: z.string().nullable() })),
            running: z.array(listedRun),
            ended: z.array(listedRun),
          }),
        ),
      },
      ...NOT_VALID,
      ...BUSY,
    },
  }),
  run: createRoute({
    method: "get",
    path: `${PREFIX}/actions/{id}`,
    operationId: "readAction",
    summary: "The progress or the result of one run",
    request: { params: pathId("id"), query: PARAMETERS.none },
    responses: {
      200: { description: "The run", content: json(run) },
      304: { description: "The client has this response already (If-None-Match)" },
      404: problem("There is no such run since the archive was started"),
      ...NOT_VALID,
      ...BUSY,
    },
  }),
  redrive: starting("redrive", "Sends objects back that were not processed"),
  reprocess: starting("reprocess", "Processes calls again"),
  backfill: starting("backfill", "Fetches calls and recordings that the archive lacks from ElevenLabs"),
  verify: starting("verify", "Checks the archive, and repairs it"),
};
