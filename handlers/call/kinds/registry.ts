import type { DeliveredEvent, KnownEvent } from "../event.ts";
import type { RecordingAbsence } from "../recording-absence.ts";
import type { Provenance } from "../rows/provenance.ts";
import type { TableRows } from "../rows/table-rows.ts";
import { audio } from "./audio.ts";
import { failure } from "./failure.ts";
import { transcription } from "./transcription.ts";
import { unrouted } from "./unrouted.ts";

/** The kinds that this version understands. A new kind is a file beside this one, and its name here. */
export const ROUTED = { transcription, audio, failure };

/** Every kind of event. */
export const KINDS = { ...ROUTED, unrouted };

/** A kind that this version understands, by its name. */
export type EventKind = keyof typeof ROUTED;

/** Any kind, by its name. */
export type KindName = keyof typeof KINDS;

/** The names of every kind. */
export const KIND_NAMES = namesOf(KINDS);

const BY_TYPE = new Map(namesOf(ROUTED).flatMap((name) => ROUTED[name].types.map((type) => [type, name] as const)));

/** The kind whose webhooks have this `type`; `undefined` if this version knows none. */
export function kindOfType(type: string): EventKind | undefined {
  return BY_TYPE.get(type);
}

/** Whether this version understands an event. */
export function isKnown(event: DeliveredEvent): event is KnownEvent {
  return event.kind !== "unrouted";
}

/** The UTC date under which the rows of an object of `kind` belong. */
export function dayOfRows(kind: KindName, event: DeliveredEvent, receivedAt: Date): string {
  const { isRouted, day } = KINDS[kind];
  return isRouted && isKnown(event) ? day(event, receivedAt) : unrouted.day(event, receivedAt);
}

/** The rows of an object of `kind`, without those of its recording. `absence` is why its call has no recording. */
export function rowsOf(kind: KindName, event: DeliveredEvent, from: Provenance, absence?: RecordingAbsence): TableRows {
  const { isRouted, rows } = KINDS[kind];
  return isRouted && isKnown(event) ? rows(event, from, absence) : unrouted.rows(event, from);
}

function namesOf<All extends object>(all: All): readonly Extract<keyof All, string>[] {
  const names: Extract<keyof All, string>[] = [];
  for (const name in all) names.push(name);
  return names;
}
