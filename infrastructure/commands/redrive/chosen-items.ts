import type { RedriveItem } from "../toolkit/deployment/redrive-queue.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";

/**
 * The failures that are named by their keys, or all of them if none is.
 *
 * @throws WrongUsage if one is named that is not among them.
 */
export function chosenItems(items: readonly RedriveItem[], keys: readonly string[]): readonly RedriveItem[] {
  const unknownKey = keys.find((key) => !items.some((item) => item.key === key));
  if (unknownKey !== undefined)
    throw new WrongUsage(`${unknownKey} was not dead-lettered; npm run redrive lists what was`);
  return keys.length === 0 ? items : items.filter(({ key }) => keys.includes(key));
}
