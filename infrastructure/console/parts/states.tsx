import type { ReactNode } from "react";
import { ApiProblem } from "../api/client.ts";
import { Icon, type IconName } from "./icon.tsx";

/** A whole view or pane without content: what is so, why, and what to do. */
export function Notice({
  icon,
  tone = "",
  title,
  children,
}: {
  readonly icon: IconName;
  readonly tone?: "" | "bad" | "warn";
  readonly title: string;
  readonly children?: ReactNode;
}) {
  return (
    <div className="mid" role={tone === "bad" ? "alert" : "status"}>
      <h3>
        <Icon name={icon} className={tone} /> {title}
      </h3>
      {children}
    </div>
  );
}

/** A request that failed, with what to do and a way to try again. */
export function Problem({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  const title = error instanceof Error ? error.message : "This view failed";
  return (
    <Notice icon="alert" tone="bad" title={title}>
      <p>
        {error instanceof ApiProblem
          ? error.detail
          : "Reload the page. If it fails again, the browser's console has the reason."}
      </p>
      {retry && (
        <div className="ctl">
          <button type="button" className="btn" onClick={retry}>
            Try again
          </button>
        </div>
      )}
    </Notice>
  );
}

/** Lines in the place of text that is being loaded. They appear after 200 ms, and do not move. */
export function Skeleton({ lines = 6, label = "Loading" }: { readonly lines?: number; readonly label?: string }) {
  return (
    <div className="skeleton" role="status" aria-label={label}>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are equal.
        <div key={line} className={`sk w${line % 4}`} />
      ))}
    </div>
  );
}
