import type { Repaired } from "./repair.ts";

/** Formats the result of repairs. If all was done here, the results of a second check follow. */
export function repairedText({ processed, put, days, hours, left, elsewhere }: Repaired): string {
  const by = elsewhere.length > 0;
  const done = [
    processed > 0 && `${by ? "Re-put" : "Processed again"}: ${processed}`,
    put > 0 && `Restored from other records: ${put}`,
    days > 0 && `Closed days ${by ? "to be rebuilt" : "rebuilt"}: ${days}`,
    hours > 0 && `Hours ${by ? "to be packed" : "packed"} again: ${hours}`,
    left > 0 && `Not repaired while the archive runs: ${left}. Stop it, and run npm run verify -- --fix again`,
    by && `${elsewhere.join(" and ")} processes them; run verify again when that is done`,
    !by && left === 0 && "Checked again:",
  ];
  return done.filter((each) => each !== false).join(". ");
}
