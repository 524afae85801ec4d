import { useSyncExternalStore } from "react";

const SHOWN_MS = 2_400;
let message = "";
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

/** Shows a short message for a moment. Screen readers read it. */
export function showToast(text: string): void {
  message = text;
  clearTimeout(timer);
  timer = setTimeout(() => {
    message = "";
    for (const listener of listeners) listener();
  }, SHOWN_MS);
  for (const listener of listeners) listener();
}

/** Copies a text, and shows whether that worked. */
export async function copyText(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    showToast(`${what} copied`);
  } catch {
    showToast("The browser does not allow copying here");
  }
}

/** The place of the message. */
export function Toast() {
  const text = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => message,
  );
  return (
    <div role="status" aria-live="polite">
      {text && <div className="toast">{text}</div>}
    </div>
  );
}
