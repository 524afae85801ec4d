import type { Step } from "../../../handlers/call/kinds/kind.ts";
import { transcription } from "../../../handlers/call/kinds/transcription.ts";
import type { Extent } from "../toolkit/reprocess/extent.ts";
import { reprocessPrice } from "./reprocess-price.ts";

/** Formats the size of a reprocessing: `3 objects, 1.2 MB`. */
export function extentText({ objects, bytes }: Extent): string {
  return `${objectCount(objects)}, ${byteText(bytes)}`;
}

/** Formats the estimate for reprocessing objects of a stack: cost, memories and time. */
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
      ? [`Mem0: up to ${grouped(price.memoryAdds)} memories are added; mem0.ai/pricing lists what a plan includes`]
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
