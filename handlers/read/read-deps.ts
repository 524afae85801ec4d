import type { QueryEngine } from "../../queries/engine/query-engine.ts";
import type { SavedQuery } from "../../queries/engine/saved-queries.ts";
import type { Archive } from "../clients/archive/archive.ts";
import type { Memory } from "../clients/memory/memories.ts";
import type { Actions } from "./action-runs.ts";
import type { StoredReports } from "./stored-reports.ts";

/** A dead letter, with the reason if it is known. */
export interface DeadLetterReport {
  readonly key: string;
  readonly reason: string | null;
  readonly attempts: number | null;
  /** ISO 8601. */
  readonly given_up_at: string | null;
}

/** What the read API reads: an archive in a folder, or one that is deployed as a stack. */
export interface ReadDeps {
  readonly archive: Pick<Archive, "get" | "head" | "stream">;
  readonly analytics: Pick<Archive, "get">;
  readonly engine: Pick<QueryEngine, "run">;
  /** The saved queries, which are the questions. */
  readonly questions: () => Promise<readonly SavedQuery[]>;
  /** The queries of the read API itself. */
  readonly queries: () => Promise<readonly SavedQuery[]>;
  /** The secrets that may sign webhooks now. */
  readonly secrets: () => Promise<readonly string[]>;
  /** The memories of a user. Absent if a memory service stores them. */
  readonly memories?: ((userId: string) => Promise<readonly Memory[]>) | undefined;
  /** The dead letters. Absent if they are in a queue. */
  readonly deadLetters?: (() => Promise<readonly DeadLetterReport[]>) | undefined;
  /** The last results of verify, the doctor and backfill. Absent if they are not stored. */
  readonly reports?: StoredReports | undefined;
  /** The indexes, to count calls. Absent if reading them all costs too much. */
  readonly indexes?: Pick<Archive, "list" | "get"> | undefined;
  /** Whether a search reads few days first. It does not if each query has a price. */
  readonly searchesByDays: boolean;
  /** The actions that the page of a local archive starts. Absent for an archive that can only be read. */
  readonly actions?: Actions | undefined;
  readonly now: () => Date;
}
