import { useSyncExternalStore } from "react";

type Theme = "light" | "dark";

const DARK = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

const stored = localStorage.getItem("theme");
if (stored === "light" || stored === "dark") document.documentElement.dataset["theme"] = stored;

function current(): Theme {
  const chosen = document.documentElement.dataset["theme"];
  return chosen === "light" || chosen === "dark" ? chosen : DARK.matches ? "dark" : "light";
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  DARK.addEventListener("change", listener);
  return () => {
    listeners.delete(listener);
    DARK.removeEventListener("change", listener);
  };
}

/** The theme that is shown, and a switch to the other one. The system decides until the switch is used. */
export function useTheme(): readonly [Theme, () => void] {
  const theme = useSyncExternalStore(subscribe, current);
  const toggle = () => {
    const other = current() === "dark" ? "light" : "dark";
    document.documentElement.dataset["theme"] = other;
    localStorage.setItem("theme", other);
    for (const listener of listeners) listener();
  };
  return [theme, toggle];
}
