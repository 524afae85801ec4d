import type { Failure } from "../toolkit/installation/failures.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";

/**
 * The failures that are named by their keys, or all of them if none is.
 *
 * @throws WrongUsage if one is named that is not among them.
 */
export function chosen(failures: readonly Failure[], keys: readonly string[]): readonly Failure[] {
  const stranger = keys.find((key) => !failures.some((failure) => failure.key === key));
  if (stranger !== undefined) throw new WrongUsage(`${stranger} was not given up on; npm run redrive lists what was`);
  return keys.length === 0 ? failures : failures.filter(({ key }) => keys.includes(key));
}
