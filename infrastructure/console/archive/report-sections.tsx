import { countText } from "../parts/format.ts";
import { commandText } from "./commands.ts";
import { DayMatrix } from "./day-matrix.tsx";
import { DayTable } from "./day-table.tsx";
import { DeadLetters } from "./dead-letters.tsx";
import { Findings } from "./findings.tsx";
import { LagChart } from "./lag.tsx";
import { MissingCalls, MissingRecordings } from "./missing.tsx";
import type { Draft } from "./plan-dialog.tsx";
import { daysIn, deadLettersIn, type Report } from "./report.ts";
import { Section } from "./section.tsx";
import { VerdictCard } from "./verdict-card.tsx";
import { arrivalVerdict, completenessVerdict, tally, wholenessVerdict } from "./verdicts.ts";

/** Everything that a report states. */
export function ReportSections(props: {
  readonly report: Report;
  readonly hasActions: boolean;
  /** Why missing calls cannot be fetched from this page. */
  readonly whyNoFetch: string | undefined;
  readonly open: (draft: Draft) => void;
}) {
  const { report, hasActions, whyNoFetch, open } = props;
  const range = { from: report.from, to: report.to };
  const days = daysIn(report);
  const lacking = days.filter(({ missing }) => missing).map(({ day }) => day);
  const fetched = { from: lacking.at(-1) ?? range.from, to: lacking[0] ?? range.to };
  return (
    <div className="grid">
      <VerdictCard verdict={arrivalVerdict(report)} />
      <VerdictCard verdict={completenessVerdict(report)}>
        {whyNoFetch && <p className="t3 s">Fetch: {whyNoFetch}</p>}
      </VerdictCard>
      <VerdictCard verdict={wholenessVerdict(report)}>
        <dl className="tally">
          {tally(report).map(([name, count]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd className={count === null ? "t3" : ""}>{count === null ? "not known here" : countText(count)}</dd>
            </div>
          ))}
        </dl>
      </VerdictCard>
      <Section title="Every day, step by step" className="c8 new" beside={<Legend />}>
        {days.length === 0 ? (
          <p className="t2">There is no call in these days. Choose more days above.</p>
        ) : (
          <>
            <DayMatrix range={range} days={days} />
            {days.some(({ calls }) => calls === null) && (
              <p className="t3 s">
                Calls and memories are counted from the indexes of a local archive, if it has at most 20,000.
              </p>
            )}
            <DayTable days={days} />
          </>
        )}
      </Section>
      <LagChart range={range} />
      <MissingCalls
        report={report}
        fetchCalls={hasActions && !whyNoFetch ? () => open({ action: "backfill", body: fetched }) : undefined}
        command={commandText(`npm run backfill -- --from ${fetched.from} --to ${fetched.to}`)}
      />
      <DeadLetters
        letters={deadLettersIn(report)}
        redrive={
          hasActions
            ? (keys) => {
                const [first, ...others] = keys ?? [];
                open({ action: "redrive", body: first === undefined ? { all: true } : { keys: [first, ...others] } });
              }
            : undefined
        }
        command={commandText("npm run redrive")}
      />
      <MissingRecordings range={range} />
      <Findings report={report} />
    </div>
  );
}

function Legend() {
  return (
    <span className="legend">
      <span>
        <i className="whole" />
        all there
      </span>
      <span>
        <i className="missing" />
        something missing
      </span>
      <span>
        <i className="unknown" />
        not known
      </span>
      <span>
        <i className="open" />
        not closed yet
      </span>
    </span>
  );
}
