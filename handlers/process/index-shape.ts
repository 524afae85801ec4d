import {
  isDay,
  isMoment,
  isSha256,
  isText,
  isTruth,
  listOf,
  objectOf,
  oneOf,
  optional,
  orNull,
  recordOf,
} from "../call/shape.ts";
import { isLease } from "../clients/lease.ts";
import type { ConversationIndex, Home, MemoryRecord, ObjectRecord, Step } from "./conversation-index.ts";

const isStep = oneOf<Step>("audio", "rows", "memory");

const isObjectRecord = objectOf<ObjectRecord>({
  sha256: isSha256,
  version: isText,
  received_at: isMoment,
  source: oneOf("webhook", "api", "re-upload"),
  done: listOf(isStep),
  overtaken: optional(isTruth),
  failed: optional(recordOf(isText)),
});

const isHome = objectOf<Home>({
  key: isText,
  day: isDay,
  agent_id: orNull(isText),
});

const isMemoryRecord = objectOf<MemoryRecord>({
  state: oneOf("adding", "accepted", "added"),
  user_ids: listOf(isText),
});

/** Whether a value that was read is an index. What it says beside the members named here is not looked at. */
export const isIndex = objectOf<ConversationIndex>({
  conversation: isText,
  home: optional(isHome),
  objects: recordOf(isObjectRecord),
  days: listOf(isDay),
  memory: optional(isMemoryRecord),
  lease: optional(isLease),
});
