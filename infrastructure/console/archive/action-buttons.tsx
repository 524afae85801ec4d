import type { ActionName, Actions } from "./action-queries.ts";
import type { Draft } from "./plan-dialog.tsx";
import type { Days } from "./report.ts";

/** The buttons that begin an action. None starts anything by itself: a dialog shows the plan first. */
export function ActionButtons(props: {
  readonly actions: Actions;
  readonly range: Days;
  readonly open: (draft: Draft) => void;
}) {
  const { actions, range, open } = props;
  const { from, to } = range;
  const drafts: readonly (readonly [string, Draft])[] = [
    ["Verify…", { action: "verify", body: {} }],
    ["Fetch…", { action: "backfill", body: { from, to } }],
    ["Process again…", { action: "reprocess", body: { from, to } }],
  ];
  return drafts.map(([text, draft]) => {
    const reason = reasonAgainst(draft.action, actions);
    return (
      <button
        type="button"
        className="btn"
        key={draft.action}
        disabled={reason !== undefined}
        title={reason}
        onClick={() => open(draft)}
      >
        {text}
      </button>
    );
  });
}

/** Why an action cannot be started now. */
function reasonAgainst(action: ActionName, { actions, running }: Actions): string | undefined {
  if (running.some((run) => run.action === action)) return "It runs now.";
  return actions.find(({ name }) => name === action)?.unavailable ?? undefined;
}
