import { utcHour } from "../../../queries/tables/utc-date.ts";
import type { DeliveredEvent, KnownEvent } from "../event.ts";
import type { RecordingAbsence } from "../recording-absence.ts";
import type { Provenance } from "../rows/provenance.ts";
import type { TableRows } from "../rows/table-rows.ts";
import { audio } from "./audio.ts";
import { failure } from "./failure.ts";
import { transcription } from "./transcription.ts";
import { unrouted } from "./unrouted.ts";

/** The kinds that this version supports. To add a kind, add a file beside this one and its name here. */
export const ROUTED = { transcription, audio, failure };

/** Every kind of event. */
export const KINDS = { ...ROUTED, unrouted };

/** The name of a kind that this version supports. */
export type EventKind = keyof typeof ROUTED;

/** The name of any kind. */
export type KindName = keyof typeof KINDS;

/** The names of all kinds. */
export const KIND_NAMES = namesOf(KINDS);

const BY_TYPE = new Map(namesOf(ROUTED).flatMap((name) => ROUTED[name].types.map((type) => [type, name] as const)));

/** The kind whose webhooks have this `type`, or `undefined` if this version supports none. */
export function kindOfType(type: string): EventKind | undefined {
  return BY_TYPE.get(type);
}

/** The first `type` of the kind whose `data` has the fields of this one; `undefined` if no kind's, or several, have. */
export function typeOfData(data: unknown): string | undefined {
  const [found, ...others] = namesOf(ROUTED).filter((name) => ROUTED[name].hasFields(data));
  return found && others.length === 0 ? ROUTED[found].types[0] : undefined;
}

/** Whether an event is of a kind that this version supports. */
export function isKnown(event: DeliveredEvent): event is KnownEvent {
  return event.kind !== "unrouted";
}

/** The UTC hour of the rows of an object of `kind`, `YYYY-MM-DD/HH`. */
export function hourOfRows(kind: KindName, event: DeliveredEvent, receivedAt: Date): string {
  const { isRouted, moment } = KINDS[kind];
  return utcHour(isRouted && isKnown(event) ? moment(event, receivedAt) : unrouted.moment(event, receivedAt));
}

/** The rows of an object of `kind`, except those of its recording. `absence` is why its call has no recording. */
export function rowsOf(kind: KindName, event: DeliveredEvent, from: Provenance, absence?: RecordingAbsence): TableRows {
  const { isRouted, rows } = KINDS[kind];
  return isRouted && isKnown(event) ? rows(event, from, absence) : unrouted.rows(event, from);
}

function namesOf<All extends object>(all: All): readonly Extract<keyof All, string>[] {
  const names: Extract<keyof All, string>[] = [];
  for (const name in all) names.push(name);
  return names;
}
