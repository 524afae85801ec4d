import type { Step } from "../call/kinds/kind.ts";
import type { FieldWithoutColumn } from "../call/rows/unknown-field-rows.ts";
import {
  isBoolean,
  isCount,
  isDay,
  isHour,
  isMoment,
  isSha256,
  isText,
  listOf,
  objectOf,
  oneOf,
  optional,
  orNull,
  recordOf,
} from "../call/shape.ts";
import { isLease } from "../clients/lease.ts";
import type { AbsentRecording } from "./absent-recording.ts";
import type {
  Acceptance,
  ConversationIndex,
  Deletion,
  Home,
  MemoryRecord,
  ObjectRecord,
  SignedBytes,
} from "./conversation-index.ts";

const isStep = oneOf<Step>("audio", "rows", "memory");

const isSignedBytes = objectOf<SignedBytes>({ sha256: isSha256, received_at: isMoment });
const isAcceptance = objectOf<Acceptance>({ sha256: isSha256, at: isMoment, reason: isText });
const isDeletion = objectOf<Deletion>({ at: isMoment, reason: isText });

const isAbsentRecording = objectOf<AbsentRecording>({
  state: oneOf("off", "waiting", "not_produced", "deleted", "not_decodable"),
  asked_at: optional(isMoment),
  since: optional(isMoment),
  next_at: optional(isMoment),
});

const isFieldWithoutColumn = objectOf<FieldWithoutColumn>({
  field: isText,
  status: oneOf("unknown", "unmapped", "invalid"),
  type: isText,
  count: isCount,
});

const isObjectRecord = objectOf<ObjectRecord>({
  sha256: isSha256,
  version: isText,
  received_at: isMoment,
  source: oneOf("webhook", "api", "re-upload"),
  done: listOf(isStep),
  overtaken: optional(isBoolean),
  failed: optional(recordOf(isText)),
  signed: optional(isSignedBytes),
  accepted: optional(isAcceptance),
  fields: optional(listOf(isFieldWithoutColumn)),
});

const isHome = objectOf<Home>({
  key: isText,
  day: isDay,
  hour: optional(isText),
  agent_id: orNull(isText),
});

const isMemoryRecord = objectOf<MemoryRecord>({
  state: oneOf("adding", "accepted", "added"),
  user_ids: listOf(isText),
  refused: optional(listOf(oneOf("factual", "semantic"))),
});

/** A stored index: before 2026-12 it has `days` and no `hours`. */
export type StoredIndex = Omit<ConversationIndex, "hours"> & {
  readonly hours?: readonly string[];
  readonly days?: readonly string[];
};

/** Whether a parsed value is a stored index. Other members than these are not checked. */
export function isStoredIndex(value: unknown): value is StoredIndex {
  return hasMembers(value) && (value.hours ?? value.days) !== undefined;
}

const hasMembers = objectOf<StoredIndex>({
  conversation: isText,
  home: optional(isHome),
  objects: recordOf(isObjectRecord),
  hours: optional(listOf(isHour)),
  days: optional(listOf(isDay)),
  rows: optional(recordOf(isSha256)),
  memory: optional(isMemoryRecord),
  recording: optional(isAbsentRecording),
  lease: optional(isLease),
  deleted: optional(isDeletion),
});
