import { useQuery } from "@tanstack/react-query";
import { answerQuery } from "../api/queries.ts";
import { dayText, durationText, weekdayText } from "../parts/format.ts";
import { Problem, Skeleton } from "../parts/states.tsx";
import type { Days } from "./report.ts";
import { Section } from "./section.tsx";
import { shownDays } from "./shown-days.ts";

/** The height of the bars, in pixels. */
const HEIGHT = 120;

interface Lag {
  readonly p50: number;
  readonly p95: number;
  readonly calls: number;
}

/** How long after their end the calls of each day arrived by webhook. */
export function LagChart({ range }: { readonly range: Days }) {
  const { data, error, isPending, refetch } = useQuery({
    ...answerQuery("ingest-lag", { ...range }),
    refetchOnWindowFocus: false,
  });
  return (
    <Section
      title="From the end of a call to here"
      className="c4"
      question="ingest-lag"
      range={range}
      beside={
        <span className="legend">
          <span>
            <i className="p95" />
            p95
          </span>
          <span>
            <i className="p50" />
            p50
          </span>
        </span>
      }
    >
      {error ? (
        <Problem error={error} retry={() => void refetch()} />
      ) : isPending ? (
        <Skeleton lines={3} />
      ) : (
        <Bars range={range} lags={lagsIn(data.items)} />
      )}
    </Section>
  );
}

function Bars({ range, lags }: { readonly range: Days; readonly lags: ReadonlyMap<string, Lag> }) {
  if (lags.size === 0) return <p className="t2">No call arrived by webhook in these days.</p>;
  const days = shownDays(range);
  const most = Math.max(1, ...[...lags.values()].map(({ p95 }) => p95));
  const height = (seconds: number) => Math.max(1, (HEIGHT * seconds) / most);
  return (
    <div className="lag">
      <p className="t3 s">{lagText(most)}</p>
      <ul>
        {days.map((day) => {
          const lag = lags.get(day);
          const text = lag
            ? `${weekdayText(day)}: p50 ${lagText(lag.p50)}, p95 ${lagText(lag.p95)}, of ${lag.calls}`
            : `${weekdayText(day)}: no call`;
          return (
            <li key={day} title={text}>
              <span className="vh">{text}</span>
              {lag && (
                <>
                  <i className="p95" style={{ height: height(lag.p95) }} />
                  <i className="p50" style={{ height: height(lag.p50) }} />
                </>
              )}
            </li>
          );
        })}
      </ul>
      <p className="ends t3 s">
        <span>{dayText(days[0] ?? range.from)}</span>
        <span>{dayText(range.to)}</span>
      </p>
    </div>
  );
}

/** The lags of calls that came by webhook. Fetched calls arrive when they are fetched, so their lag means nothing here. */
function lagsIn(rows: readonly Readonly<Record<string, unknown>>[]): ReadonlyMap<string, Lag> {
  return new Map(
    rows
      .filter(({ source }) => source === "webhook")
      .map(({ day, p50_secs, p95_secs, calls }) => [
        String(day),
        { p50: Number(p50_secs), p95: Number(p95_secs), calls: Number(calls) },
      ]),
  );
}

/** `7 s`, `12:05` from a minute on, `3 days` from a day on. */
function lagText(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)}\u202fs`;
  return seconds < 86_400 ? durationText(seconds) : `${(seconds / 86_400).toFixed(1)} days`;
}
