import { parsedJson } from "../../../queries/tables/parsed-json.ts";
import { literalValue } from "./literal.ts";

/** ElevenLabs cuts tool parameters and results at "4 KB" (elevenlabs.io, OpenTelemetry traces, 2026-11). */
const [SHORTEST, LONGEST] = [4_000, 4_100];

/**
 * Whether the limit of 4 kB ended `value`: it is a text of about that length, in bytes or in characters, and is neither
 * whole JSON nor a whole Python literal.
 */
export function isCut(value: unknown): boolean {
  if (typeof value !== "string" || value.length < SHORTEST / 4 || value.length > 2 * LONGEST) return false;
  const lengths = [Buffer.byteLength(value), [...value].length];
  if (!lengths.some((length) => length >= SHORTEST && length <= LONGEST)) return false;
  return parsedJson(value) === undefined && literalValue(value) === undefined;
}
