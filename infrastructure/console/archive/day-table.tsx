import { Link } from "wouter";
import { callsAddress } from "../calls/filter.ts";
import { countText, localText, NOTHING, timeText, weekdayText } from "../parts/format.ts";
import type { Day } from "./report.ts";

/** The counts of each day with calls. */
export function DayTable({ days }: { readonly days: readonly Day[] }) {
  return (
    <details className="daytable">
      <summary>The numbers of each day</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable by keyboard. */}
      <section className="scrollx" tabIndex={0} aria-label="The numbers of each day, table">
        <table className="tbl">
          <thead>
            <tr>
              <th>Day</th>
              <th className="num">Calls</th>
              <th className="num">Rows</th>
              <th className="num">Recordings</th>
              <th className="num">Missing</th>
              <th className="num">Memories</th>
              <th>Closed</th>
              <th>Compared with ElevenLabs</th>
            </tr>
          </thead>
          <tbody>
            {days.map((each) => (
              <tr key={each.day}>
                <td className="nw">
                  <Link className="link" href={callsAddress({ from: each.day, to: each.day })}>
                    {weekdayText(each.day)}
                  </Link>
                </td>
                <td className="num">{each.calls === null ? NOTHING : countText(each.calls)}</td>
                <td className="num">{countText(each.rows)}</td>
                <td className="num">{countText(each.recordings)}</td>
                <td className={`num ${each.recordingsMissing > 0 ? "bad" : ""}`}>
                  {countText(each.recordingsMissing)}
                </td>
                <td className="num">{each.memories === null ? NOTHING : countText(each.memories)}</td>
                <td>{each.isClosed ? "yes" : "not yet"}</td>
                <td className="nw">
                  {each.comparedAt === null ? (
                    "not compared"
                  ) : (
                    <span title={localText(each.comparedAt)}>
                      {weekdayText(each.comparedAt)}, {timeText(each.comparedAt)}: {countText(each.missing ?? 0)}{" "}
                      missing
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
