import type { DefaultCountryCode } from "../../../../handlers/call/phone-number.ts";
import type { Archive } from "../../../../handlers/clients/archive/archive.ts";
import type { ElevenLabsOptions } from "../../../../handlers/clients/elevenlabs/elevenlabs-api.client.ts";
import type { Memories, StoredMemories } from "../../../../handlers/clients/memory/memories.ts";
import type { Log } from "../../../../handlers/clients/observability/log.ts";
import type { QueryEngine } from "../../../../queries/engine/query-engine.ts";
import type { Command } from "../../../local/folder-lock.client.ts";
import type { RedriveQueue } from "./redrive-queue.ts";

/**
 * An archive that a command reads: in a folder on this machine, or deployed as a stack. Both implementations pass
 * `test/support/contracts/deployment.ts`.
 */
export interface Deployment {
  /** The name in messages: `the archive in .archive`, `the stack CallArchive`. */
  readonly name: string;
  readonly archive: Archive;
  readonly analytics: Archive;
  /** Whether it is a copied folder that no archive has opened yet. Its objects are recognised by their bytes only. */
  isCopy(): Promise<boolean>;
  /** The secrets that may sign webhooks now. */
  webhookSecrets(): Promise<readonly string[]>;
  /** The country code that completes national phone numbers, as digits. */
  readonly defaultCountryCode: DefaultCountryCode;
  /** Whether memories of callers are stored. */
  readonly remembers: boolean;
  /** The memories, if they can be read at no cost. */
  readonly memories?: StoredMemories | undefined;
  /** The memory service; `undefined` if there is none, or no key for it. */
  memoryService(): Promise<Memories | undefined>;
  /** Opens the tables as analysts see them. The caller closes them. */
  tables(): Promise<QueryEngine>;
  /** The address that ElevenLabs posts to. `undefined` for a folder: it depends on how the archive is started. */
  webhookUrl(): string | undefined;
  /** The storage class of an existing object: S3's, or `folder`. */
  storageClass(key: string): Promise<string>;
  /** Removes an object with all its versions. */
  purge(from: "archive" | "analytics", key: string): Promise<void>;
  /** Where to look when this is missing, for a message. */
  whereToLook(missing: "delivery" | "processing" | "rows"): string;
  /** How to follow the processing by another process, for a message. */
  howToWatch(): string;
  /** The objects that were not processed or not routed. `log` gets each object that this process processes. */
  redriveQueue(log: Log): Promise<RedriveQueue>;
  /**
   * Opens the same archive for changes by `command`. `log` is as for `redriveQueue`.
   *
   * @throws FolderInUse if another command uses the folder.
   */
  open(command: Command, log: Log): Promise<OpenDeployment>;
  /** The options for ElevenLabs' API; `undefined` if no key is set. */
  elevenLabs(): Promise<ElevenLabsOptions | undefined>;
}

/** An archive that a command may change, until it is closed. */
export interface OpenDeployment extends Deployment {
  /** Queues an object that was put or re-put. Does nothing if another process notices it. */
  process(key: string): void;
  /** How many objects wait or are processed in this process: 0 if another process does the work. */
  readonly pending: number;
  /** Whether this process processes the objects, and has locked the folder. */
  readonly isInProcess: boolean;
  /** Whether a conditional put is safe against all writers. It is not while another process writes to a folder. */
  readonly isExclusive: boolean;
  /**
   * Rebuilds the parts of a closed day, the pack of an hour, `YYYY-MM-DD/HH`, or all closed days, from live objects.
   * Returns `here` if that is done, else the name of the process that does it.
   */
  rebuild(hour: string | undefined): Promise<ProcessingResult["by"]>;
  /** Resolves when this process has processed all its objects. */
  waitUntilProcessed(): Promise<ProcessingResult>;
  close(): Promise<void>;
}

/** The result of processing. */
export interface ProcessingResult {
  /** `here`: all objects are done or dead-lettered. Else the name of the process that does the work, for a message. */
  readonly by: "here" | string;
  readonly deadLettered: number;
}
