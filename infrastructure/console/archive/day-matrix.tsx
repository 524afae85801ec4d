import { Link } from "wouter";
import { callsAddress } from "../calls/filter.ts";
import { countText, dayText, weekdayText } from "../parts/format.ts";
import { DAY_STEPS, type StepState } from "./day-steps.ts";
import type { Day, Days } from "./report.ts";
import { MOST_DAYS, shownDays } from "./shown-days.ts";
import { byDay } from "./verdicts.ts";

/** Every day of a range, and whether each of its steps is complete. */
export function DayMatrix({ range, days }: { readonly range: Days; readonly days: readonly Day[] }) {
  const shown = shownDays(range);
  const known = byDay(days);
  const every = Math.max(1, Math.ceil(shown.length / 8));
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable by keyboard. */}
      <section ref={showLatest} className="scrollx" tabIndex={0} aria-label="Every day, step by step, table">
        <table className={`days ${shown.length > 40 ? "thin" : ""}`}>
          <tbody>
            {DAY_STEPS.map(({ name, of }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {shown.map((day) => {
                  const each = known.get(day);
                  return <Cell key={day} day={day} step={name} state={each ? of(each) : NONE} />;
                })}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <td />
              {shown.map((day, index) => (
                <td key={day} className={index === shown.length - 1 ? "end" : ""}>
                  {(shown.length - 1 - index) % every === 0 && <span>{dayText(day)}</span>}
                </td>
              ))}
            </tr>
          </tfoot>
        </table>
      </section>
      {shown[0] !== range.from && <p className="t3 s">The last {MOST_DAYS} days of the range.</p>}
    </>
  );
}

/** On a narrow page, the latest days are seen first. */
function showLatest(scroller: HTMLElement | null): void {
  if (scroller) scroller.scrollLeft = scroller.scrollWidth;
}

const NONE: StepState = { kind: "none", text: "no calls" };

function Cell({ day, step, state }: { readonly day: string; readonly step: string; readonly state: StepState }) {
  const text = `${weekdayText(day)}, ${step.toLowerCase()}: ${state.text}`;
  const content = (
    <>
      <span className="vh">{text}</span>
      {state.kind === "missing" && <b aria-hidden="true">{countText(state.count)}</b>}
    </>
  );
  return (
    <td className={state.kind} title={text}>
      {state.kind === "missing" ? <Link href={callsAddress({ from: day, to: day })}>{content}</Link> : <i>{content}</i>}
    </td>
  );
}
