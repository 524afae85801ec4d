import { dayText, plural, timeText } from "../parts/format.ts";
import { Icon } from "../parts/icon.tsx";
import { ObjectLink } from "./dead-letters.tsx";
import { findingsIn, type Report } from "./report.ts";
import { Section } from "./section.tsx";

/** How many findings the page shows. The command prints all. */
const SHOWN = 200;

/** What the last verification and the last run of the doctor found. */
export function Findings({ report }: { readonly report: Report }) {
  const findings = findingsIn(report);
  const count = report.finding_count ?? 0;
  return (
    <Section
      id="findings"
      title="Findings of the last checks"
      className="c12 new"
      beside={[checkedText("verify", report.findings_checked_at), checkedText("doctor", report.doctor_checked_at)].join(
        ", ",
      )}
    >
      {findings === null ? (
        <p className="t2">
          No result is stored. <code>npm run verify</code> and <code>npm run doctor</code> store theirs in the folder of
          a local archive.
        </p>
      ) : count === 0 ? (
        <p className="t2">None.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable by keyboard.
        <section className="scrollx" tabIndex={0} aria-label="Findings, table">
          <table className="tbl">
            <thead>
              <tr>
                <th>
                  <span className="vh">Level</span>
                </th>
                <th>Found by</th>
                <th>What</th>
                <th>What to do</th>
              </tr>
            </thead>
            <tbody>
              {findings.slice(0, SHOWN).map(({ source, subject, what, remedy, isNote }) => (
                <tr key={`${source} ${subject} ${what}`}>
                  <td>
                    <Icon name={isNote ? "alert" : "fail"} className={isNote ? "warn" : "bad"} />
                    <span className="vh">{isNote ? "Note" : "Wrong"}</span>
                  </td>
                  <td>{source}</td>
                  <td className="why">
                    <span className="mono">
                      <ObjectLink objectKey={subject} />
                    </span>{" "}
                    <bdi>{what}</bdi>
                  </td>
                  <td>{remedy}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {count > SHOWN && (
            <p className="more">
              The first {SHOWN} of {plural(count, "finding")}. The commands print all.
            </p>
          )}
        </section>
      )}
    </Section>
  );
}

function checkedText(name: string, at: string | null): string {
  return at === null ? `${name} not run` : `${name} ${dayText(at)}, ${timeText(at)}`;
}
