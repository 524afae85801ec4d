import { queryOptions } from "@tanstack/react-query";
import { type Answer, ApiProblem, type Body, get, post } from "../api/client.ts";

/** The actions of a local archive. */
export type Actions = Answer<"/api/v1/actions">;
/** One run of an action, with its request and its result. */
export type Run = Answer<"/api/v1/actions/{id}">;
export type ActionName = Run["action"];
/** What an action is asked to do. */
export type ActionBody<Name extends ActionName> = Body<`/api/v1/actions/${Name}`>;

/** How often a running action is asked for its progress. */
const POLL_MS = 700;

/** The actions and their last runs; `null` where there are none, as on a stack. */
export const actionsQuery = queryOptions({
  queryKey: ["actions"],
  queryFn: ({ signal }): Promise<Actions | null> =>
    get("/api/v1/actions", {}, signal).catch((error: unknown) => {
      if (error instanceof ApiProblem && error.status === 404) return null;
      throw error;
    }),
  refetchInterval: ({ state }) => ((state.data?.running.length ?? 0) > 0 ? POLL_MS : false),
  staleTime: 0,
});

/** One run, with its progress while it runs. */
export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ["run", id],
    queryFn: ({ signal }) => get("/api/v1/actions/{id}", { path: { id } }, signal),
    refetchInterval: ({ state }) => (state.data?.state === "running" ? POLL_MS : false),
    staleTime: ({ state }) => (state.data?.state === "running" ? 0 : Number.POSITIVE_INFINITY),
  });

/** Starts an action, and returns its run. The token is asked for each time, because a restart changes it. */
export async function startAction<Name extends ActionName>(action: Name, body: ActionBody<Name>): Promise<Run> {
  const { token } = await get("/api/v1/actions", {});
  return post(`/api/v1/actions/${action}`, body, token) as Promise<Run>;
}
