import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { inTurn } from "../../handlers/clients/in-turn.ts";
import {
  type OwnAnswer,
  type OwnSql,
  OwnSqlBusy,
  type OwnSqlLimits,
  OwnSqlRefused,
  type Place,
} from "../../queries/engine/own-sql.ts";
import { OUT_OF_MEMORY } from "../../queries/engine/people-words.ts";
import { QueryFailed } from "../../queries/engine/query-engine.ts";

/** The first message to the process. */
export interface OwnSqlSettings {
  readonly folder: string;
  readonly limits: OwnSqlLimits;
}

/** What the process returns for a statement. */
export type OwnSqlReply =
  | { readonly kind: "ready" }
  | { readonly kind: "answer"; readonly answer: OwnAnswer }
  | { readonly kind: "refused"; readonly message: string; readonly place: Place | undefined }
  /** It needs too much memory, and ends. */
  | { readonly kind: "exhausted" }
  | { readonly kind: "failed"; readonly message: string };

const PROCESS = join(import.meta.dirname, "own-sql-process.client.ts");

/** How many statements may wait for the running one. */
const MOST_WAITING = 4;

/** How long the process may take to start. The time of its first statement begins after that. */
const START_MS = 60_000;

/** A process without a statement ends after this time, and frees its memory. */
const IDLE_MS = 60_000;

/**
 * Runs statements of people over the Parquet files in `folder`, one at a time, in a separate process.
 *
 * The process is killed if a statement takes too long, needs too much memory or is stopped. The next statement starts
 * another one. So nothing that a person writes can end, block or fill the archive's own process. The process has no
 * environment variables, and so no secrets.
 */
export function ownSql(folder: string, limits: OwnSqlLimits): OwnSql {
  const oneAtATime = inTurn();
  let current: Promise<ChildProcess> | undefined;
  let idle: NodeJS.Timeout | undefined;
  let waiting = 0;

  function kill(child: ChildProcess): void {
    current = undefined;
    child.kill("SIGKILL");
  }

  async function runNow(sql: string, signal: AbortSignal | undefined): Promise<OwnAnswer> {
    signal?.throwIfAborted();
    clearTimeout(idle);
    current ??= started({ folder, limits });
    const child = await current.catch((error: unknown) => {
      current = undefined;
      throw error;
    });
    const late = AbortSignal.timeout(limits.seconds * 1_000);
    child.channel?.ref();
    try {
      child.send(sql);
      const reply = await replyOf(child, signal ? AbortSignal.any([signal, late]) : late);
      return answerOf(reply, () => kill(child));
    } catch (error) {
      if (error instanceof OwnSqlRefused) throw error;
      // The process still works on the statement.
      kill(child);
      if (!late.aborted || signal?.aborted) throw error;
      const advice = "Read fewer days (a condition on dt), or fewer columns.";
      throw new OwnSqlRefused(`The statement took longer than ${limits.seconds} s. ${advice}`);
    } finally {
      child.channel?.unref();
      idle = setTimeout(() => kill(child), IDLE_MS).unref();
    }
  }

  return {
    async run(sql, signal) {
      if (waiting > MOST_WAITING) throw new OwnSqlBusy("Other statements are running. Repeat this one after a second.");
      waiting += 1;
      try {
        return await oneAtATime("own sql", () => runNow(sql, signal));
      } finally {
        waiting -= 1;
      }
    },
    close() {
      clearTimeout(idle);
      void current?.then(kill, () => {});
    },
  };
}

/** A process that is ready. It does not keep this one alive. */
async function started(settings: OwnSqlSettings): Promise<ChildProcess> {
  const child = fork(PROCESS, {
    // Windows starts no process without it.
    env: { SystemRoot: process.env["SystemRoot"] },
    execArgv: ["--max-old-space-size=512"],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  child.unref();
  try {
    child.send(settings);
    await replyOf(child, AbortSignal.timeout(START_MS));
    return child;
  } catch (error) {
    child.kill("SIGKILL");
    throw new QueryFailed("The process for own SQL does not start", { cause: error });
  }
}

/** The next reply of the process. A process that ends without one is exhausted. */
async function replyOf(child: ChildProcess, stop: AbortSignal): Promise<OwnSqlReply> {
  if (!child.connected) return { kind: "exhausted" };
  const heard = new AbortController();
  const signal = AbortSignal.any([stop, heard.signal]);
  try {
    const message = once(child, "message", { signal }).then(([reply]): OwnSqlReply => reply);
    const end = once(child, "exit", { signal }).then((): OwnSqlReply => ({ kind: "exhausted" }));
    end.catch(() => {});
    return await Promise.race([message, end]);
  } finally {
    heard.abort();
  }
}

function answerOf(reply: OwnSqlReply, kill: () => void): OwnAnswer {
  switch (reply.kind) {
    case "answer":
      return reply.answer;
    case "refused":
      throw new OwnSqlRefused(reply.message, reply.place);
    case "exhausted":
      kill();
      throw new OwnSqlRefused(OUT_OF_MEMORY);
    default:
      throw new QueryFailed(reply.kind === "failed" ? reply.message : "The process for own SQL started twice");
  }
}
