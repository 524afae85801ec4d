import { type RefObject, useLayoutEffect, useState } from "react";

/**
 * The width of an element in whole pixels; `before` until it is known. A chart is drawn in pixels, so that its text keeps
 * its size and its lines are sharp.
 */
export function useWidth(element: RefObject<HTMLElement | null>, before = 0): number {
  const [width, setWidth] = useState(before);
  useLayoutEffect(() => {
    const measured = element.current;
    if (!measured) return;
    const measure = () => setWidth(Math.floor(measured.getBoundingClientRect().width));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(measured);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
