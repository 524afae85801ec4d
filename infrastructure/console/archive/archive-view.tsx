import "./archive.css";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { reportQuery } from "../api/queries.ts";
import { Days } from "../calls/chips.tsx";
import { DEFAULT_WEEKS, firstDay } from "../calls/filter.ts";
import { dayText, timeText, today } from "../parts/format.ts";
import { Problem, Skeleton } from "../parts/states.tsx";
import { useAddress } from "../shell/address.ts";
import { ActionButtons } from "./action-buttons.tsx";
import { type Draft, PlanDialog } from "./plan-dialog.tsx";
import { ReportSections } from "./report-sections.tsx";
import { RunDialog } from "./run-dialog.tsx";
import { EndedRuns, RunningStrip, useActions } from "./runs.tsx";

/** Whether every call is in the archive, and what to do if one is not. */
export default function ArchiveView() {
  const [parameters, change] = useAddress();
  const range = { from: parameters.get("from") || firstDay(DEFAULT_WEEKS), to: parameters.get("to") || today() };
  const { data: report, error, dataUpdatedAt, refetch } = useQuery(reportQuery(range));
  const actions = useActions();
  const [draft, setDraft] = useState<Draft>();
  const run = parameters.get("run");
  const show = (id: string | undefined) => change({ run: id });
  return (
    <div className="page">
      <div className="head">
        <div className="grow">
          <h1>Archive</h1>
          <span className="t3">
            Is everything there?
            {report && ` Looked at ${dayText(at(dataUpdatedAt))}, ${timeText(at(dataUpdatedAt))} UTC`}
          </span>
        </div>
        <div className="ctl">
          <Days filter={range} setDays={(from, to) => change({ from, to }, true)} />
          {actions && <ActionButtons actions={actions} range={range} open={setDraft} />}
        </div>
      </div>
      {actions && <RunningStrip actions={actions} show={show} />}
      {error ? (
        <Problem error={error} retry={() => void refetch()} />
      ) : report ? (
        <ReportSections
          report={report}
          hasActions={Boolean(actions)}
          whyNoFetch={actions?.actions.find(({ name }) => name === "backfill")?.unavailable ?? undefined}
          open={setDraft}
        />
      ) : (
        <Skeleton lines={12} label="The archive is being looked at" />
      )}
      {actions && <EndedRuns actions={actions} show={show} />}
      {draft && (
        <PlanDialog
          draft={draft}
          onClose={() => setDraft(undefined)}
          onStarted={(id) => {
            setDraft(undefined);
            show(id);
          }}
        />
      )}
      {run && !draft && <RunDialog key={run} id={run} onClose={() => show(undefined)} />}
    </div>
  );
}

function at(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
