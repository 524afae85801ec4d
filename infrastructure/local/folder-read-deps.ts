import { join } from "node:path";
import type { Archive } from "../../handlers/clients/archive/archive.ts";
import type { ReadDeps } from "../../handlers/read/read-deps.ts";
import type { QueryEngine } from "../../queries/engine/query-engine.ts";
import { readApiQueries, readSavedQueries } from "../../queries/engine/saved-queries.client.ts";
import { folderDeadLetters } from "./dead-letters.client.ts";
import { storedMemoriesOf } from "./folder-memories.ts";
import { folderReports } from "./reports.client.ts";
import type { Settings } from "./settings.ts";

/** A query is stopped after this time. Three queries run at once; DuckDB uses every core for each. */
const ENGINE_OPTIONS = { timeoutMs: 30_000, connections: 3, memoryMegabytes: 1_024 };

/** What the read API reads in the folder of `settings`. */
export function folderReadDeps(
  settings: Settings,
  from: Pick<ReadDeps, "analytics" | "secrets" | "now"> & { readonly archive: Archive },
): ReadDeps & { readonly close: () => void } {
  const memories = storedMemoriesOf(settings);
  const engine = lazyEngine(async () => {
    // Loading DuckDB and the translator takes longer than the start of the archive.
    const { liveEngine } = await import("../../queries/engine/live-engine.client.ts");
    return liveEngine(join(settings.folder, "analytics"), ENGINE_OPTIONS);
  });
  return {
    ...from,
    ...savedQueries(),
    engine,
    memories: memories && ((userId) => memories.of(userId)),
    deadLetters: () => folderDeadLetters(settings.folder).list(),
    reports: folderReports(settings.folder),
    indexes: from.archive,
    searchesByDays: true,
    close: engine.close,
  };
}

/** The saved queries, read from their files once. */
export function savedQueries(): Pick<ReadDeps, "questions" | "queries"> {
  return { questions: once(() => readSavedQueries()), queries: once(readApiQueries) };
}

function lazyEngine(open: () => Promise<QueryEngine>): QueryEngine {
  let opening: Promise<QueryEngine> | undefined;
  return {
    async run(sql, parameters) {
      opening ??= open();
      return (await opening).run(sql, parameters);
    },
    close() {
      void opening?.then((engine) => engine.close());
    },
  };
}

function once<Result>(load: () => Promise<Result>): () => Promise<Result> {
  let loading: Promise<Result> | undefined;
  return () => {
    loading ??= load();
    return loading;
  };
}
