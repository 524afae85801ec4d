import type { Answer } from "../api/client.ts";
import { callsAddress } from "../calls/filter.ts";
import { DayBars } from "../charts/day-bars.tsx";
import { daysBetween } from "../parts/format.ts";
import { countIn, type Row } from "../parts/row.ts";
import type { Scope } from "./scope.ts";
import { Section } from "./section.tsx";

/** The parts of a day, from the bottom to the top. */
const PARTS: readonly {
  readonly name: string;
  readonly color: string;
  readonly of: (row: Row | undefined) => number;
}[] = [
  { name: "failed", color: "var(--bad-2)", of: (row) => countIn(row, "failure") },
  {
    name: "undecided",
    color: "var(--caller-3)",
    of: (row) => countIn(row, "calls") - countIn(row, "success") - countIn(row, "failure"),
  },
  { name: "succeeded", color: "var(--accent-3)", of: (row) => countIn(row, "success") },
  { name: "no call", color: "var(--line)", of: (row) => countIn(row, "failed_attempts") },
];

/** A bar per day by outcome, with the days before as a dotted line. */
export function CallsPerDay({
  overview,
  scope,
}: {
  readonly overview: Answer<"/api/v1/overview">;
  readonly scope: Scope;
}) {
  const days = daysBetween(scope.from, scope.to);
  const daysBefore = daysBetween(String(overview.previous["from"]), String(overview.previous["to"]));
  const rows = new Map(overview.days.map((row) => [String(row["day"]), row]));
  const total = (row: Row | undefined) => countIn(row, "calls") + countIn(row, "failed_attempts");
  const before = daysBefore.map((day) => total(rows.get(day)));
  const hasBefore = before.some((count) => count > 0);
  const parts = PARTS.map(({ name, color, of }) => ({ name, color, values: days.map((day) => of(rows.get(day))) }));
  const legend = (
    <div className="legend">
      {parts.map(({ name, color }) => (
        <span key={name}>
          <i style={{ background: color }} />
          {name[0]?.toUpperCase()}
          {name.slice(1)}
        </span>
      ))}
      {hasBefore && (
        <span>
          <i className="ln dotted" />
          Before
        </span>
      )}
    </div>
  );
  return (
    <Section title="Calls per day" question="calls-per-day" scope={scope} className="c8" legend={legend}>
      <DayBars
        days={days}
        parts={parts}
        before={hasBefore ? before : undefined}
        label="Calls per day by outcome; each bar opens its calls"
        href={(day) => callsAddress({ from: day, to: day, agent: scope.agent })}
      />
    </Section>
  );
}
