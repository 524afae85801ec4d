import type { OwnSql } from "../../queries/engine/own-sql.ts";
import type { QueryEngine } from "../../queries/engine/query-engine.ts";
import type { SavedQuery } from "../../queries/engine/saved-queries.ts";
import type { Archive } from "../clients/archive/archive.ts";
import type { Memory } from "../clients/memory/memories.ts";

/** For how long Athena returns the last result of the same query, at no charge. */
export const REUSE_MINUTES = 1;

/** A dead letter, with the reason if it is known. */
export interface DeadLetterReport {
  readonly key: string;
  readonly reason: string | null;
  readonly attempts: number | null;
  /** ISO 8601. */
  readonly given_up_at: string | null;
}

/** How clients read large objects from S3 themselves. */
export interface DirectReads {
  /** An address with which anyone can read the object at `key` for a limited time. */
  address(key: string, as: { readonly contentType: string; readonly method: "GET" | "HEAD" }): Promise<string>;
  /** The largest JSON that is in a response, in bytes. A larger one is read directly. */
  readonly mostBytes: number;
}

/** What the read API reads: an archive in a folder, or one that is deployed as a stack. */
export interface ReadDeps {
  readonly archive: Pick<Archive, "get" | "head" | "stream">;
  readonly analytics: Pick<Archive, "get">;
  readonly engine: Pick<QueryEngine, "run">;
  /** Runs SQL that people write. Absent if each query has a price, or if others reach this archive. */
  readonly ownSql?: Pick<OwnSql, "run"> | undefined;
  /** The saved queries, which are the questions. */
  readonly questions: () => Promise<readonly SavedQuery[]>;
  /** The queries of the read API itself. */
  readonly queries: () => Promise<readonly SavedQuery[]>;
  /** The secrets that may sign webhooks now. */
  readonly secrets: () => Promise<readonly string[]>;
  /** Absent for a folder, whose objects are in the responses. */
  readonly direct?: DirectReads | undefined;
  /** The memories of a user. Absent if a memory service stores them. */
  readonly memories?: ((userId: string) => Promise<readonly Memory[]>) | undefined;
  /** The dead letters. Absent if they are in a queue. */
  readonly deadLetters?: (() => Promise<readonly DeadLetterReport[]>) | undefined;
  /** The indexes, to count calls. Absent if reading them all costs too much. */
  readonly indexes?: Pick<Archive, "list" | "get"> | undefined;
  /** Whether a search reads few days first. It does not if each query has a price. */
  readonly searchesByDays: boolean;
  readonly now: () => Date;
}
