import { countText } from "../parts/format.ts";
import { Icon } from "../parts/icon.tsx";
import type { Actions, Run } from "./action-queries.ts";

/** What an action is called on the page. */
export const ACTION_NAMES: Readonly<Record<Run["action"], string>> = {
  redrive: "Send back",
  reprocess: "Process again",
  backfill: "Fetch",
  verify: "Verify",
};

/** What a run does now, or how it ended. */
export function RunProgress({ run }: { readonly run: Actions["running"][number] | Run }) {
  const { state, message, done, total } = run;
  if (state !== "running") {
    const isWarning = state === "done" && "result" in run && hasFailures(run.result);
    return (
      <p className="outcome" role="status">
        <Icon
          name={isWarning ? "alert" : state === "done" ? "check" : "fail"}
          className={isWarning ? "warn" : state === "done" ? "okc" : "bad"}
        />
        <span>
          <span className="vh">{state === "done" ? "Ended: " : "Failed: "}</span>
          <bdi>{message}</bdi>
        </span>
      </p>
    );
  }
  const counted =
    total === null ? (done > 0 ? `: ${countText(done)}` : "") : `: ${countText(done)} of ${countText(total)}`;
  return (
    <div className="prog">
      <div
        className={`bar ${total === null ? "open" : ""}`}
        role="progressbar"
        aria-label={message}
        aria-valuemin={0}
        aria-valuemax={total ?? undefined}
        aria-valuenow={total === null ? undefined : done}
      >
        {total !== null && <i style={{ width: `${total === 0 ? 100 : Math.min(100, (100 * done) / total)}%` }} />}
      </div>
      <p className="s t2">
        <bdi>{message}</bdi>
        {counted}
      </p>
    </div>
  );
}

/** Whether a run ended, and some of its objects are not in order. */
function hasFailures(result: Run["result"]): boolean {
  const { failed_again, refused, dead_lettered, lacking, findings } = result ?? {};
  const lists = [failed_again, refused].some((list) => Array.isArray(list) && list.length > 0);
  return lists || [dead_lettered, lacking, findings].some((count) => typeof count === "number" && count > 0);
}
