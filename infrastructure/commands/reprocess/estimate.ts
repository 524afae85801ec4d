import type { Step } from "../../../handlers/call/kinds/kind.ts";
import { transcription } from "../../../handlers/call/kinds/transcription.ts";
import type { Selected } from "../../../handlers/reprocess/selected-objects.ts";
import { reprocessPrice } from "./reprocess-price.ts";

/** So many objects, and their bytes. */
export interface Extent {
  readonly objects: number;
  readonly bytes: number;
}

/** How many `objects` are and how large; `onObject` hears of each. However many they are, none is kept. */
export async function extentOf(
  objects: AsyncIterable<Selected>,
  onObject: (object: Selected) => void,
): Promise<Extent> {
  const extent = { objects: 0, bytes: 0 };
  for await (const object of objects) {
    extent.objects += 1;
    extent.bytes += object.size;
    onObject(object);
  }
  return extent;
}

/** What a reprocessing is before it begins, as a person wants to know it: `3 objects, 1.2 MB`. */
export function extentText({ objects, bytes }: Extent): string {
  return `${objectCount(objects)}, ${byteText(bytes)}`;
}

/** What a reprocessing of a stack's objects takes, one line each: money, memories, time. */
export function stackEstimate(
  { objects, bytes }: Extent,
  rate: number,
  only: readonly Step[] = transcription.steps,
  remembers: boolean,
): string {
  const price = reprocessPrice(objects, bytes, only);
  return [
    `AWS: about ${dollars(price.usd)}, and ${dollars(price.usdPerMonth)} a month for the versions that the copies replace`,
    "  (list prices of us-east-1, 2026-11, as in docs/cost.md)",
    ...(remembers && price.memoryAdds > 0
      ? [`Mem0: up to ${grouped(price.memoryAdds)} memories are added anew; what a plan includes is at mem0.ai/pricing`]
      : []),
    `Time: ${durationText(objects / rate)} at ${grouped(rate)} a second, if the processor keeps up`,
  ].join("\n");
}

/** `1 object`, `2,000 objects`. */
export function objectCount(count: number): string {
  return count === 1 ? "1 object" : `${grouped(count)} objects`;
}

function grouped(value: number): string {
  return value.toLocaleString("en-US");
}

function byteText(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1_000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

function dollars(usd: number): string {
  return usd < 0.01
    ? "less than a cent"
    : `$${usd.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

function durationText(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5_400) return `${Math.ceil(seconds / 60)} min`;
  return `${(seconds / 3_600).toFixed(1)} h`;
}
