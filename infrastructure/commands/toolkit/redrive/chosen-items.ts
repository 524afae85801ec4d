import type { RedriveItem } from "../deployment/redrive-queue.ts";
import { WrongUsage } from "../wrong-usage.ts";

/**
 * Returns the items with these keys, or all items if there are no keys.
 *
 * @throws WrongUsage if an item with one of the keys does not exist.
 */
export function chosenItems(items: readonly RedriveItem[], keys: readonly string[]): readonly RedriveItem[] {
  const unknownKey = keys.find((key) => !items.some((item) => item.key === key));
  if (unknownKey !== undefined)
    throw new WrongUsage(
      `${unknownKey} is not a dead letter, unrouted or quarantined: copy its key from npm run redrive`,
    );
  return keys.length === 0 ? items : items.filter(({ key }) => keys.includes(key));
}
