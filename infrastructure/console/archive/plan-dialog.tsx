import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Problem } from "../parts/states.tsx";
import { type ActionBody, type ActionName, actionsQuery, runQuery, startAction } from "./action-queries.ts";
import { commandOf } from "./commands.ts";
import { Dialog } from "./dialog.tsx";
import { RunItems } from "./outcome-of-run.tsx";
import { PlanFields } from "./plan-fields.tsx";
import { ACTION_NAMES, RunProgress } from "./run-progress.tsx";

/** An action that is not started yet. */
export type Draft = {
  readonly [Name in ActionName]: { readonly action: Name; readonly body: ActionBody<Name> };
}[ActionName];

const TITLES: Readonly<Record<ActionName, string>> = {
  redrive: "Send objects back to be processed?",
  reprocess: "Process calls again?",
  backfill: "Fetch what is missing from ElevenLabs?",
  verify: "Verify the archive?",
};

/** What each action does, and does not. */
const CONSEQUENCES: Readonly<Record<ActionName, string>> = {
  redrive: "Steps that are done are not repeated, and no delivery is replaced. Repair the cause first.",
  reprocess: "It builds recordings, rows and memories again from the JSON in the archive. Nothing is duplicated.",
  backfill: "It asks ElevenLabs for each call of these days. What was delivered stays as it is.",
  verify:
    "It reads every object of the archive, and compares it with its signature, its rows, its recording and its memories.",
};

/** An action before it starts: its options, the objects that it would change, the command that does the same. */
export function PlanDialog(props: {
  readonly draft: Draft;
  readonly onClose: () => void;
  readonly onStarted: (id: string) => void;
}) {
  const { draft, onClose, onStarted } = props;
  const { action } = draft;
  const [body, setBody] = useState<Draft["body"]>(draft.body);
  const plan = useMutation({ mutationFn: () => startAction(action, { ...body, dry_run: true } as never) });
  const { data: planned, error: planError } = useQuery({
    ...runQuery(plan.data?.id ?? ""),
    enabled: plan.data !== undefined,
  });
  const client = useQueryClient();
  const start = useMutation({
    mutationFn: () => startAction(action, body as never),
    onSuccess: ({ id }) => {
      void client.invalidateQueries(actionsQuery);
      onStarted(id);
    },
  });
  // What would be sent back is known without a choice. The other plans wait for one.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the dialog appears.
  useEffect(() => {
    if (action === "redrive") plan.mutate();
  }, []);

  const isPlanned = action === "verify" || planned?.state === "done";
  const isEmpty = planned?.state === "done" && countIn(planned.result) === 0;
  const error = plan.error ?? planError ?? start.error;
  return (
    <Dialog
      title={TITLES[action]}
      onClose={onClose}
      closeText="Cancel"
      buttons={
        isPlanned ? (
          <button
            type="button"
            className="btn pri"
            disabled={isEmpty || start.isPending || start.isSuccess}
            onClick={() => start.mutate()}
          >
            {confirmText(action, body)}
          </button>
        ) : (
          <button
            type="button"
            className="btn pri"
            disabled={plan.isPending || planned?.state === "running"}
            onClick={() => plan.mutate()}
          >
            Show the plan
          </button>
        )
      }
    >
      <p className="t2">{CONSEQUENCES[action]}</p>
      <PlanFields
        action={action}
        body={body}
        change={(changed) => {
          setBody(changed);
          plan.reset();
        }}
      />
      {planned && (
        <>
          <RunProgress run={planned} />
          {planned.state === "done" && <RunItems run={planned} />}
        </>
      )}
      {error && <Problem error={error} />}
      <div>
        <p className="t3 s">The same as</p>
        <pre className="cmd">
          <code>{commandOf(action, body as never)}</code>
        </pre>
      </div>
    </Dialog>
  );
}

function confirmText(action: ActionName, body: Draft["body"]): string {
  return action === "verify" && "fix" in body && body.fix ? "Verify and repair" : ACTION_NAMES[action];
}

/** How many objects a plan has; `undefined` if it does not state that. */
function countIn(result: Readonly<Record<string, unknown>> | null): unknown {
  return result?.["objects"] ?? result?.["lacking"];
}
