import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { localText, timeText, weekdayText } from "../parts/format.ts";
import { showToast } from "../shell/toast.tsx";
import { type Actions, actionsQuery } from "./action-queries.ts";
import { ACTION_NAMES, RunProgress } from "./run-progress.tsx";
import { Section } from "./section.tsx";

/** The actions of the archive; `null` where there are none. When a run ends, what the page shows is asked again. */
export function useActions(): Actions | null | undefined {
  const { data } = useQuery(actionsQuery);
  const client = useQueryClient();
  const known = useRef<ReadonlySet<string>>(undefined);
  useEffect(() => {
    if (!data) return;
    const before = known.current;
    known.current = new Set(data.ended.map(({ id }) => id));
    const ended = data.ended.filter(({ id }) => before && !before.has(id));
    if (ended.length === 0) return;
    for (const { action, state, dry_run } of ended)
      if (!dry_run) showToast(`${ACTION_NAMES[action]}: ${state === "done" ? "done" : "failed"}`);
    for (const queryKey of [["archive"], ["answer"], ["calls"], ["call"], ["facets"]])
      void client.invalidateQueries({ queryKey });
  }, [data, client]);
  return data;
}

/** What runs now, at the top of the page. It is there again after a reload. */
export function RunningStrip({ actions, show }: { readonly actions: Actions; readonly show: (id: string) => void }) {
  const running = actions.running.filter(({ dry_run }) => !dry_run);
  if (running.length === 0) return null;
  return (
    <ul className="strip" aria-label="Running now">
      {running.map((run) => (
        <li key={run.id}>
          <Run run={run} show={show} />
        </li>
      ))}
    </ul>
  );
}

/** What ended since the archive was started. */
export function EndedRuns({ actions, show }: { readonly actions: Actions; readonly show: (id: string) => void }) {
  const ended = actions.ended.filter(({ dry_run }) => !dry_run);
  if (ended.length === 0) return null;
  return (
    <div className="grid">
      <Section title="Done from this page" className="c12 new" beside="since the archive was started">
        <ul className="ended">
          {ended.map((run) => (
            <li key={run.id}>
              <time dateTime={run.started_at} title={localText(run.started_at)} className="t3 nw">
                {weekdayText(run.started_at)}, {timeText(run.started_at)}
              </time>
              <Run run={run} show={show} />
            </li>
          ))}
        </ul>
      </Section>
    </div>
  );
}

function Run({ run, show }: { readonly run: Actions["running"][number]; readonly show: (id: string) => void }) {
  return (
    <>
      <b>{ACTION_NAMES[run.action]}</b>
      <RunProgress run={run} />
      <button type="button" className="btn sm" onClick={() => show(run.id)}>
        Show
      </button>
    </>
  );
}
