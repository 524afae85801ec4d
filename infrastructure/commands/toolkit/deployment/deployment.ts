import type { Archive } from "../../../../handlers/clients/archive/archive.ts";
import type { ElevenLabsOptions } from "../../../../handlers/clients/elevenlabs/elevenlabs-api.client.ts";
import type { Memories, StoredMemories } from "../../../../handlers/clients/memory/memories.ts";
import type { Log } from "../../../../handlers/clients/observability/log.ts";
import type { QueryEngine } from "../../../../queries/engine/query-engine.ts";
import type { Command } from "../../../local/folder-lock.client.ts";
import type { RedriveQueue } from "./redrive-queue.ts";

/**
 * An archive that a command looks at: in a folder of this machine, or deployed as a stack. Both implementations pass
 * `test/support/contracts/deployment.ts`.
 */
export interface Deployment {
  /** As a person knows it: `the archive in .archive`, `the stack CallArchive`. */
  readonly name: string;
  readonly archive: Archive;
  readonly analytics: Archive;
  /** Whether it is a copied folder that no archive has opened yet: only the bytes of its objects tell which uploads they are. */
  isCopy(): Promise<boolean>;
  /** The secrets that webhooks may be signed with now. */
  webhookSecrets(): Promise<readonly string[]>;
  /** Whether callers are remembered at all. */
  readonly remembers: boolean;
  /** The memories, where they can be read at no cost. */
  readonly memories?: StoredMemories | undefined;
  /** Where callers are remembered; `undefined` where nobody is, or no key of the memory service is at hand. */
  memoryService(): Promise<Memories | undefined>;
  /** The tables as analysts find them. Whoever opens them closes them. */
  tables(): Promise<QueryEngine>;
  /** Where ElevenLabs posts to; `undefined` for a folder: it depends on how the archive is started. */
  webhookUrl(): string | undefined;
  /** The storage class of an object that is there: S3's, or `folder`. */
  storageClass(key: string): Promise<string>;
  /** Removes an object with all its versions, so that nothing of it is left. */
  purge(from: "archive" | "analytics", key: string): Promise<void>;
  /** Where a person looks when something of this kind is missing. */
  whereToLook(missing: "delivery" | "processing" | "rows"): string;
  /** How a person follows what is processed, where another process does it. */
  howToWatch(): string;
  /** What could not be processed or filed. `log` hears of each object that is processed in this process. */
  redriveQueue(log: Log): Promise<RedriveQueue>;
  /**
   * The same archive, to work on for `command`; see `redriveQueue` for `log`.
   *
   * @throws FolderInUse if another command works in the folder.
   */
  open(command: Command, log: Log): Promise<OpenDeployment>;
  /** How ElevenLabs is reached; `undefined` where no key is set. */
  elevenLabs(): Promise<ElevenLabsOptions | undefined>;
}

/** An archive that a command may change, until it is closed. */
export interface OpenDeployment extends Deployment {
  /** Has an object processed that was put or renewed. Where the archive notices by itself, there is nothing to do. */
  process(key: string): void;
  /** How many objects wait in this process or are worked on in it: 0 where somebody else does it. */
  readonly pending: number;
  /** Whether objects are processed in this process, which has the folder for itself. */
  readonly isInProcess: boolean;
  /** Whether a put on condition holds against all who write here: not where another process works in a folder. */
  readonly isExclusive: boolean;
  /**
   * Has the parts of a closed day, or of all closed days, rebuilt from live objects. Returns `here` if that is done,
   * else who does it.
   */
  rebuild(day: string | undefined): Promise<ProcessingResult["by"]>;
  /** Resolves when what is processed in this process is done. */
  waitUntilProcessed(): Promise<ProcessingResult>;
  close(): Promise<void>;
}

/** What came of the objects that were to be processed. */
export interface ProcessingResult {
  /** `here`: all of them are done or dead-lettered. Else who does it, as a person knows them. */
  readonly by: "here" | string;
  readonly deadLettered: number;
}
