import { useQuery } from "@tanstack/react-query";
import { answerQuery } from "../api/queries.ts";
import { HourGrid } from "../charts/hour-grid.tsx";
import { countIn } from "../parts/row.ts";
import type { Scope } from "./scope.ts";
import { Nothing, Section } from "./section.tsx";

/** When people call, by weekday and hour. The saved query counts all agents together. */
export function BusyHours({ scope }: { readonly scope: Scope }) {
  const { data } = useQuery(answerQuery("busy-hours", { from: scope.from, to: scope.to }));
  const calls = (data?.items ?? []).map((row) => ({
    weekday: countIn(row, "weekday"),
    hour: countIn(row, "hour"),
    calls: countIn(row, "calls"),
  }));
  const note = <span className="s t3">{scope.agent === undefined ? "UTC" : "UTC, all agents"}</span>;
  return (
    <Section title="When people call" question="busy-hours" scope={scope} className="c4" legend={note}>
      {data && calls.length === 0 ? <Nothing>Nobody called in these days.</Nothing> : <HourGrid calls={calls} />}
    </Section>
  );
}
