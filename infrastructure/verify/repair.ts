import type { Processed, Workplace } from "../installation/installation.ts";
import { renewObjects } from "../reprocess/renew-objects.ts";

/** How objects are processed again. */
export interface Repairing {
  /** Objects a second; `undefined` for as many as go. */
  readonly rate: number | undefined;
  readonly onRenewed: () => void;
}

/** Uploads each of these objects again over itself, has it processed, and says what came of them. */
export async function repair(
  keys: readonly string[],
  workplace: Workplace,
  { rate, onRenewed }: Repairing,
): Promise<Processed> {
  const stop = new AbortController().signal;
  // Whoever is stopped begins anew: what was repaired is no finding then.
  const bookmark = { note: async () => {} };
  await renewObjects(objectsAt(keys), undefined, { workplace, bookmark, redo: undefined, rate, stop, onRenewed });
  return workplace.processed();
}

async function* objectsAt(keys: readonly string[]) {
  for (const key of keys) yield { key, size: 0 };
}
