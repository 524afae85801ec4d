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

/** What the process gets when it starts. */
export interface OwnSqlSettings {
  readonly folder: string;
  readonly limits: OwnSqlLimits;
}

/** What the process returns for a statement. */
export type OwnSqlReply =
  | { readonly kind: "answer"; readonly answer: OwnAnswer }
  | { readonly kind: "refused"; readonly message: string; readonly place: Place | undefined }
  | { readonly kind: "failed"; readonly message: string };

const PROCESS = join(import.meta.dirname, "own-sql-process.client.ts");

/** How many statements may wait for the running one. */
const MOST_WAITING = 4;

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
  let child: ChildProcess | undefined;
  let idle: NodeJS.Timeout | undefined;
  let waiting = 0;

  function running(): ChildProcess {
    if (child?.connected) return child;
    const settings: OwnSqlSettings = { folder, limits };
    const started = fork(PROCESS, [JSON.stringify(settings)], {
      env: {},
      execArgv: ["--disable-warning=ExperimentalWarning", "--max-old-space-size=512"],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    started.unref();
    started.channel?.unref();
    child = started;
    return started;
  }

  function kill(): void {
    child?.kill("SIGKILL");
    child = undefined;
  }

  async function runNow(sql: string, signal: AbortSignal | undefined): Promise<OwnAnswer> {
    signal?.throwIfAborted();
    clearTimeout(idle);
    const to = running();
    const late = AbortSignal.timeout(limits.seconds * 1_000);
    const stop = signal ? AbortSignal.any([signal, late]) : late;
    to.channel?.ref();
    try {
      to.send(sql);
      return answerOf(await replyOf(to, stop).catch(killed(late)));
    } finally {
      if (child === to) to.channel?.unref();
      idle = setTimeout(kill, IDLE_MS).unref();
    }
  }

  /** The process still works on the statement, or has ended. */
  const killed = (late: AbortSignal) => (error: unknown) => {
    kill();
    if (!late.aborted) throw error;
    throw new OwnSqlRefused(
      `The statement took longer than ${limits.seconds} s. Read fewer days (a condition on dt), or fewer columns.`,
    );
  };

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
      kill();
    },
  };
}

/** The reply of the process. If it ends without one, it needed too much memory. */
async function replyOf(child: ChildProcess, stop: AbortSignal): Promise<OwnSqlReply> {
  const heard = new AbortController();
  const signal = AbortSignal.any([stop, heard.signal]);
  try {
    const ended = once(child, "exit", { signal }).then((): never => {
      throw new OwnSqlRefused(OUT_OF_MEMORY);
    });
    const [reply] = await Promise.race([once(child, "message", { signal }), ended]);
    return reply as OwnSqlReply;
  } finally {
    heard.abort();
  }
}

function answerOf(reply: OwnSqlReply): OwnAnswer {
  switch (reply.kind) {
    case "answer":
      return reply.answer;
    case "refused":
      throw new OwnSqlRefused(reply.message, reply.place);
    case "failed":
      throw new QueryFailed(reply.message);
  }
}
