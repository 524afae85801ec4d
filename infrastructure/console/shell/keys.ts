import { useEffect, useRef } from "react";

/** What each key does. A key is `KeyboardEvent.key`, or two keys one after the other: `g c`. */
export type Keys = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/** After the first of two keys, the second has this long, in milliseconds. */
const SECOND_KEY_MS = 1_000;

/** Elements that use plain keys themselves. */
const FIELDS = "input, textarea, select, [contenteditable=true]";

interface FirstKey {
  readonly key: string;
  readonly until: number;
}

/** The key before the one that is handled now, if it may be the first of two. */
let first: FirstKey | undefined;

/**
 * Handles keys while the component is shown. No key is handled in a field, in a dialog, or with a modifier. Space and
 * Enter on a focused button or link are left to it.
 */
export function useKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
      const target = event.target instanceof Element ? event.target : undefined;
      if (target?.closest(FIELDS) || document.querySelector("dialog[open]")) return;
      if ((event.key === " " || event.key === "Enter") && target?.closest("button, a, summary")) return;
      const handler =
        (first && first.until > Date.now() && latest.current[`${first.key} ${event.key}`]) || latest.current[event.key];
      if (!handler) return;
      event.preventDefault();
      handler(event);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

/** Remembers the first of two keys. The shell calls it once. */
export function rememberFirstKeys(): () => void {
  let last: FirstKey | undefined;
  const onKey = ({ key }: KeyboardEvent) => {
    first = last;
    last = key === "g" ? { key, until: Date.now() + SECOND_KEY_MS } : undefined;
  };
  // Before all handlers of the key, also on a busy page: a timer could run after the second key.
  document.addEventListener("keydown", onKey, { capture: true });
  return () => document.removeEventListener("keydown", onKey, { capture: true });
}
