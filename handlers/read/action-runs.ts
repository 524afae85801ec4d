import { randomBytes, randomUUID } from "node:crypto";
import { type Log, messageOf, reasonOf } from "../clients/observability/log.ts";
import type { ActionName, ActionRequests } from "./action-requests.ts";
import { Problem } from "./problem.ts";

/** The most runs that are kept, with those that run. */
export const MOST_RUNS = 50;

/** One run of an action. */
export interface ActionRun {
  readonly id: string;
  readonly action: ActionName;
  /** What was requested. */
  readonly request: ActionRequests[ActionName];
  readonly state: "running" | "done" | "failed";
  /** The number of objects or calls that are done. */
  readonly done: number;
  /** How many there are; `null` if that is not known. */
  readonly total: number | null;
  /** What happens now, or how it ended. */
  readonly message: string;
  /** The result; `null` until it is done. */
  readonly result: object | null;
  /** ISO 8601. */
  readonly started_at: string;
  readonly ended_at: string | null;
}

/** How the work of an action reports its progress. */
export interface ActionProgress {
  /** Counts one more as done. */
  advance(): void;
  /** Begins a part of the work: `message` is what happens now. Counts from 0 to `total`, if that is known. */
  begin(message: string, total?: number): void;
  /** Aborted when the work must end as soon as possible. What it did remains, and it may be requested again. */
  readonly stop: AbortSignal;
}

/** The end of an action: one sentence, and its result. */
export interface ActionEnd {
  readonly message: string;
  readonly result: object;
}

/** The work of each action. */
export type ActionWork = {
  readonly [Name in ActionName]: (request: ActionRequests[Name], progress: ActionProgress) => Promise<ActionEnd>;
};

/** The actions of an archive, and their runs in this process. */
export interface Actions {
  /** A page must send it with each request that starts an action. */
  readonly token: string;
  /** Why an action cannot be started; `undefined` if it can. */
  unavailable(action: ActionName): string | undefined;
  /**
   * Starts an action, and does not wait for its end.
   *
   * @throws {Problem} if it cannot be started, or if a run of the same action has not ended.
   */
  start<Name extends ActionName>(action: Name, request: ActionRequests[Name]): ActionRun;
  /** A run of this process, also after its end. */
  find(id: string): ActionRun | undefined;
  /** The last runs, the latest first. */
  readonly runs: readonly ActionRun[];
  /** Stops running work, starts no more, and resolves when it has ended. */
  stop(): Promise<void>;
}

/** The actions that do `work`. `unavailable` has the reasons for actions that cannot be started. */
export function actionRuns(
  work: ActionWork,
  {
    unavailable = {},
    log,
    now,
  }: { readonly unavailable?: Partial<Record<ActionName, string>>; readonly log: Log; readonly now: () => Date },
): Actions {
  let isStopping = false;
  const runs = new Map<string, ActionRun>();
  const running = new Map<
    ActionName,
    { readonly id: string; readonly stopping: AbortController; readonly ended: Promise<void> }
  >();

  function change(id: string, changed: Partial<ActionRun>): void {
    const run = runs.get(id);
    if (run) runs.set(id, { ...run, ...changed });
  }

  function keepLast(): void {
    const over = runs.size - MOST_RUNS;
    const ended = [...runs.values()].filter(({ state }) => state !== "running");
    for (const { id } of ended.slice(0, Math.max(0, over))) runs.delete(id);
  }

  async function run<Name extends ActionName>(
    id: string,
    action: Name,
    request: ActionRequests[Name],
    stop: AbortSignal,
  ): Promise<void> {
    const progress: ActionProgress = {
      advance: () => change(id, { done: (runs.get(id)?.done ?? 0) + 1 }),
      begin: (message, total) => change(id, { message, done: 0, total: total ?? null }),
      stop,
    };
    const end = await work[action](request, progress).then(
      ({ message, result }) => ({ state: "done" as const, message, result }),
      (error: unknown) => ({ state: "failed" as const, message: messageOf(error), result: null, error }),
    );
    const wasStopped = end.state === "failed" && stop.aborted;
    const message = wasStopped ? "The archive was stopped before the end: request it again." : end.message;
    change(id, { state: end.state, result: end.result, message, ended_at: now().toISOString() });
    running.delete(action);
    keepLast();
    const reason = "error" in end ? reasonOf(end.error) : undefined;
    log({ event: `action ${end.state}`, action, id, reason });
  }

  return {
    token: randomBytes(24).toString("base64url"),
    unavailable: (action) => unavailable[action],
    start(action, request) {
      if (isStopping) throw new Problem(503, "Stopping", "The archive is being stopped: start it again.");
      const reason = unavailable[action];
      if (reason !== undefined) throw new Problem(409, "Action not available", reason);
      const current = running.get(action);
      if (current) {
        const detail = `${action} already runs: GET /api/v1/actions/${current.id} returns its progress. Repeat this request when it has ended.`;
        throw new Problem(409, "Action already runs", detail);
      }
      const id = randomUUID();
      const begun: ActionRun = {
        id,
        action,
        request,
        state: "running",
        done: 0,
        total: null,
        message: "Starting",
        result: null,
        started_at: now().toISOString(),
        ended_at: null,
      };
      runs.set(id, begun);
      log({ event: "action started", action, id });
      const stopping = new AbortController();
      running.set(action, { id, stopping, ended: run(id, action, request, stopping.signal) });
      return begun;
    },
    find: (id) => runs.get(id),
    get runs() {
      return [...runs.values()].toReversed();
    },
    async stop() {
      isStopping = true;
      const current = [...running.values()];
      for (const { stopping } of current) stopping.abort();
      await Promise.all(current.map(({ ended }) => ended));
    },
  };
}
