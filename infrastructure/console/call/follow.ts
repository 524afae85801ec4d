import type { Virtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";

/** Scrolling within this time after a wheel, a touch or a key is the reader's, in milliseconds. */
const READER_MS = 800;
const SCROLL_KEYS: ReadonlySet<string> = new Set(["PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown"]);

/**
 * Keeps the row `current` in view while the recording moves on. Scrolling away stops it, once that row has left the
 * view. A seek resumes it. Returns whether the row has left, and a function that returns to it.
 */
export function useFollow(
  list: Virtualizer<HTMLElement, Element>,
  scroller: HTMLElement | null,
  current: number,
  seeks: number,
): readonly [isAway: boolean, resume: () => void] {
  const [isAway, setAway] = useState(false);
  const follows = useRef(true);
  const latest = useRef(current);
  latest.current = current;

  const seen = useRef(seeks);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the virtualizer is one object.
  useEffect(() => {
    if (current < 0 || !scroller) return;
    if (seen.current !== seeks) follows.current = true;
    seen.current = seeks;
    const isVisible = isInView(list, current);
    setAway(!follows.current && !isVisible);
    if (follows.current && !isVisible) list.scrollToIndex(current, { align: "center" });
  }, [current, scroller, seeks]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the virtualizer is one object.
  useEffect(() => {
    const element = scroller;
    if (!element) return;
    let until = 0;
    let isHeld = false;
    const byReader = () => {
      until = performance.now() + READER_MS;
    };
    const onKey = ({ key }: KeyboardEvent) => SCROLL_KEYS.has(key) && byReader();
    const onDown = ({ target }: PointerEvent) => {
      // The bar of a scrolling element is the element itself.
      isHeld = target === element;
    };
    const onUp = () => {
      isHeld = false;
    };
    const onScroll = () => {
      if (!isHeld && performance.now() > until) return;
      follows.current = latest.current < 0 || isInView(list, latest.current);
      setAway(!follows.current);
    };
    element.addEventListener("wheel", byReader, { passive: true });
    element.addEventListener("touchmove", byReader, { passive: true });
    element.addEventListener("keydown", onKey);
    element.addEventListener("pointerdown", onDown);
    addEventListener("pointerup", onUp);
    element.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      element.removeEventListener("wheel", byReader);
      element.removeEventListener("touchmove", byReader);
      element.removeEventListener("keydown", onKey);
      element.removeEventListener("pointerdown", onDown);
      removeEventListener("pointerup", onUp);
      element.removeEventListener("scroll", onScroll);
    };
  }, [scroller]);

  const resume = () => {
    follows.current = true;
    setAway(false);
    if (latest.current >= 0) list.scrollToIndex(latest.current, { align: "center" });
  };
  return [isAway, resume];
}

function isInView(list: Virtualizer<HTMLElement, Element>, index: number): boolean {
  const item = list.measurementsCache[index];
  const offset = list.scrollOffset ?? 0;
  const height = list.scrollRect?.height ?? 0;
  // Less than the whole row is enough for a row that is higher than the view.
  return (
    item !== undefined && item.start >= offset - 4 && Math.min(item.end, item.start + height / 2) <= offset + height
  );
}
