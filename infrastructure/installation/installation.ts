import type { Archive } from "../../handlers/clients/archive.ts";
import type { ElevenLabsOptions } from "../../handlers/clients/elevenlabs-api.client.ts";

/** An archive that a command looks at: in a folder of this machine, or deployed. */
export interface Installation {
  /** As a person knows it: `the archive in .archive`, `the stack CallArchive`. */
  readonly name: string;
  readonly archive: Archive;
  readonly analytics: Archive;
  /** Whether it is a copied folder that no archive has opened yet: only the bytes of its objects tell which uploads they are. */
  isCopy(): Promise<boolean>;
  /** The secrets that webhooks may be signed with now. */
  webhookSecrets(): Promise<readonly string[]>;
  /** How ElevenLabs is reached; `undefined` where no key is set. */
  elevenLabs(): Promise<ElevenLabsOptions | undefined>;
}

/** An archive that a command may change, until it is closed. */
export interface Workplace extends Installation {
  /** Has an object processed that was put or renewed. Where the archive notices by itself, there is nothing to do. */
  process(key: string): void;
  /** How many objects wait in this process or are worked on in it: 0 where somebody else does it. */
  readonly pending: number;
  /** Resolves when what is processed in this process is done. */
  processed(): Promise<Processed>;
  close(): Promise<void>;
}

/** What came of the objects that were to be processed. */
export interface Processed {
  /** `here`: all of them are done or given up on. Else who does it, as a person knows them. */
  readonly by: "here" | string;
  readonly givenUp: number;
}
