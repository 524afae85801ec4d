import type { Answer } from "../api/client.ts";
import { DayLines } from "../charts/day-lines.tsx";
import { daysBetween } from "../parts/format.ts";
import { countIn, numberIn } from "../parts/row.ts";
import type { Scope } from "./scope.ts";
import { Nothing, Section } from "./section.tsx";

/** How long people waited for the language model, day by day. */
export function Waits({ overview, scope }: { readonly overview: Answer<"/api/v1/overview">; readonly scope: Scope }) {
  const days = daysBetween(scope.from, scope.to);
  const rows = new Map(overview.days.map((row) => [String(row["day"]), row]));
  const values = (column: string) => days.map((day) => numberIn(rows.get(day), column));
  const lines = [
    { name: "p50", color: "var(--text-3)", values: values("p50_wait_secs") },
    { name: "p95", color: "var(--accent)", values: values("p95_wait_secs") },
  ];
  const legend = (
    <div className="legend">
      {lines.toReversed().map(({ name, color }) => (
        <span key={name}>
          <i className="ln" style={{ background: color }} />
          {name}
        </span>
      ))}
    </div>
  );
  return (
    <Section title="Wait for the model" question="slow-turns" scope={scope} className="c4" legend={legend}>
      {countIn(overview.current, "waits") === 0 ? (
        <Nothing>No turn of these days states how long the model took.</Nothing>
      ) : (
        <DayLines
          days={days}
          lines={lines}
          label="Wait for the model by day, median and 95th percentile, in seconds"
          text={(value) => `${value} s`}
        />
      )}
    </Section>
  );
}
