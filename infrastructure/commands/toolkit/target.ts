import type { Archive, ObjectHead } from "../../../handlers/clients/archive/archive.ts";

/** An object of the archive as the smoke test shows it. */
export interface SeenObject extends ObjectHead {
  /** S3's class, or `folder`. */
  readonly storageClass: string;
}

/** What a call leaves: objects of the archive, objects of the analytics, memories of these users. */
interface Traces {
  readonly keys: readonly string[];
  readonly rowKeys: readonly string[];
  readonly conversation: string;
  readonly userIds: readonly string[];
}

/** An archive to try out, deployed or local. */
export interface Target {
  /** Where to post to. */
  readonly url: string;
  readonly secret: string;
  readonly archive: Pick<Archive, "get">;
  object(key: string): Promise<SeenObject | undefined>;
  /** How many rows a table has of a conversation, as an analyst would find them. */
  rows(table: string, day: string, conversation: string): Promise<number>;
  /** Takes all of it away, every version. */
  remove(traces: Traces): Promise<void>;
  /** Where a person looks when something of this kind is missing. */
  readonly lookAt: Readonly<Record<"delivery" | "processing" | "rows", string>>;
}
