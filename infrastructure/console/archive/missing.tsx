import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { answerQuery } from "../api/queries.ts";
import { durationText, plural, shortId, timeText, weekdayText } from "../parts/format.ts";
import { Icon } from "../parts/icon.tsx";
import { channelText } from "../parts/outcome.tsx";
import { numberIn, textIn } from "../parts/row.ts";
import { Problem, Skeleton } from "../parts/states.tsx";
import { copyText } from "../shell/toast.tsx";
import type { Days, Report } from "./report.ts";
import { Section } from "./section.tsx";

/** How many ids the page shows. */
const SHOWN = 200;

/** The calls that ElevenLabs had and the archive lacked. `fetchCalls` is absent where there are no actions. */
export function MissingCalls(props: {
  readonly report: Report;
  readonly fetchCalls?: (() => void) | undefined;
  readonly command: string;
}) {
  const { report, fetchCalls, command } = props;
  const { missing_calls: missing } = report;
  if (missing === null || missing.length === 0) return null;
  return (
    <Section
      id="missing"
      title="Missing calls"
      className="c12 new"
      beside={`${missing.length}, when the days were compared`}
      button={
        fetchCalls ? (
          <button type="button" className="btn pri sm" onClick={fetchCalls}>
            Fetch {plural(missing.length, "call")}…
          </button>
        ) : (
          <code>{command}</code>
        )
      }
    >
      <ul className="ids">
        {missing.slice(0, SHOWN).map((id) => (
          <li key={id} className="mono">
            {id}
            <button type="button" className="iconb" aria-label={`Copy ${id}`} onClick={() => void copyText(id, "Id")}>
              <Icon name="copy" />
            </button>
          </li>
        ))}
      </ul>
      {missing.length > SHOWN && <p className="t3">and {plural(missing.length - SHOWN, "more")}</p>}
    </Section>
  );
}

/** The calls whose recording should be here and is not, with the reasons. */
export function MissingRecordings({ range }: { readonly range: Days }) {
  const { data, error, isPending, refetch } = useQuery({
    ...answerQuery("missing-recordings", { ...range }),
    refetchOnWindowFocus: false,
  });
  const rows = data?.items ?? [];
  return (
    <Section
      id="recordings"
      title="Calls without a recording"
      className="c12 new"
      beside={rows.length > 0 ? rows.length : undefined}
      question="missing-recordings"
      range={range}
    >
      {error ? (
        <Problem error={error} retry={() => void refetch()} />
      ) : isPending ? (
        <Skeleton lines={3} />
      ) : rows.length === 0 ? (
        <p className="t2">None. Every call that should have a recording has one.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable by keyboard.
        <section className="scrollx" tabIndex={0} aria-label="Calls without a recording, table">
          <table className="tbl">
            <thead>
              <tr>
                <th>Began</th>
                <th>Conversation</th>
                <th>Channel</th>
                <th className="num">Length</th>
                <th>Reason</th>
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, SHOWN).map((row) => (
                <tr key={String(row["conversation_id"])}>
                  <td className="nw">
                    {row["started_at"]
                      ? `${weekdayText(String(row["started_at"]))}, ${timeText(String(row["started_at"]))}`
                      : weekdayText(String(row["day"]))}
                  </td>
                  <td className="mono">
                    <Link className="link" href={`/calls/${encodeURIComponent(String(row["conversation_id"]))}`}>
                      {shortId(String(row["conversation_id"]))}
                    </Link>
                  </td>
                  <td>{channelText(textIn(row, "channel"))}</td>
                  <td className="num">{durationText(numberIn(row, "duration_secs"))}</td>
                  <td>{String(row["reason"])}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {rows.length > SHOWN && <p className="more">The first {SHOWN}. The saved query has all.</p>}
        </section>
      )}
    </Section>
  );
}
