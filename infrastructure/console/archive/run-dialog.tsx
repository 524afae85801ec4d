import { useQuery } from "@tanstack/react-query";
import { Problem, Skeleton } from "../parts/states.tsx";
import { runQuery } from "./action-queries.ts";
import { Dialog } from "./dialog.tsx";
import { RunItems } from "./outcome-of-run.tsx";
import { ACTION_NAMES, RunProgress } from "./run-progress.tsx";

/** A run of an action: its progress, and then its result. The address has its id, so a reload shows it again. */
export function RunDialog({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const { data: run, error } = useQuery(runQuery(id));
  return (
    <Dialog title={run ? ACTION_NAMES[run.action] : "A run"} onClose={onClose} closeText="Close">
      {error ? (
        <Problem error={error} />
      ) : run ? (
        <>
          <RunProgress run={run} />
          {run.state === "running" ? (
            <p className="t3 s">It goes on when you close this page, as long as the archive runs.</p>
          ) : (
            <RunItems run={run} />
          )}
        </>
      ) : (
        <Skeleton lines={3} />
      )}
    </Dialog>
  );
}
