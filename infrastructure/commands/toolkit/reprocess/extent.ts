import type { Selected } from "../../../../handlers/reprocess/selected-objects.ts";

/** A number of objects, and their bytes. */
export interface Extent {
  readonly objects: number;
  readonly bytes: number;
}

/** Counts `objects` and their bytes, and calls `onObject` for each. Keeps none in memory. */
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
