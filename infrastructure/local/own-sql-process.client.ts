import { type GuardedEngine, openGuardedEngine } from "../../queries/engine/guarded-engine.client.ts";
import { OwnSqlRefused } from "../../queries/engine/own-sql.ts";
import type { OwnSqlReply, OwnSqlSettings } from "./own-sql.client.ts";

/** DuckDB counts most of its memory, but not all. The rest and Node's own may have this much, in bytes. */
const UNCOUNTED_BYTES = 700_000_000;
const WATCH_MS = 50;

/** The process that runs statements of people. Its parent sends settings, then statements. */
process.once("message", (settings: OwnSqlSettings) => {
  const engine = openGuardedEngine(settings.folder, settings.limits);
  process.on("message", (sql: string) => {
    void engine.then((opened) => replyTo(sql, opened, settings));
  });
  // The first statement loads the translator, and the time of a person's statement does not include that.
  engine.then(({ run }) => run("select 1")).then(() => send({ kind: "ready" }), end);
});
// Without its parent, it has nothing to do.
process.on("disconnect", end);

async function replyTo(sql: string, engine: GuardedEngine, { limits }: OwnSqlSettings): Promise<void> {
  const watch = setInterval(() => {
    if (process.memoryUsage.rss() < limits.memoryMegabytes * 1_000_000 + UNCOUNTED_BYTES) return;
    clearInterval(watch);
    send({ kind: "exhausted" }, end);
  }, WATCH_MS);
  try {
    send({ kind: "answer", answer: await engine.run(sql) });
  } catch (error) {
    if (error instanceof OwnSqlRefused) send({ kind: "refused", message: error.message, place: error.place });
    else send({ kind: "failed", message: String(error) });
  } finally {
    clearInterval(watch);
  }
}

function send(reply: OwnSqlReply, sent: () => void = () => {}): void {
  process.send?.(reply, undefined, undefined, sent);
}

/** At once: an orderly end waits for the statement. */
function end(): void {
  process.kill(process.pid, "SIGKILL");
}
