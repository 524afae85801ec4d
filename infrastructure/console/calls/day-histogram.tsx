import type { MouseEvent } from "react";
import { daysBetween, dayText, plural, weekdayText } from "../parts/format.ts";

const HEIGHT = 36;
/** More bars than pixels show nothing. */
const MOST_DAYS = 370;

interface Props {
  readonly from: string;
  readonly to: string;
  readonly counts: ReadonlyMap<string, number>;
  readonly onPick: (day: string) => void;
}

/** A bar per day of a range. A click on a bar selects its day; the field of days does the same for the keyboard. */
export function DayHistogram({ from, to, counts, onPick }: Props) {
  const days = daysBetween(from, to, MOST_DAYS);
  const most = Math.max(1, ...counts.values());
  const pick = ({ clientX, currentTarget }: MouseEvent) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    const day = days[Math.floor(((clientX - left) / width) * days.length)];
    if (day !== undefined) onPick(day);
  };
  return (
    <div className="hist">
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field of days does the same by keyboard. */}
      <div
        className="bars"
        role="img"
        aria-label={`Calls per day from ${dayText(from)} to ${dayText(to)}`}
        onClick={pick}
      >
        {days.map((day) => {
          const calls = counts.get(day) ?? 0;
          return (
            <span key={day} title={`${weekdayText(day)}: ${plural(calls, "call")}`}>
              <i style={{ height: calls === 0 ? 0 : Math.max(2, (HEIGHT * calls) / most) }} />
            </span>
          );
        })}
      </div>
      <div className="ends">
        <span>{dayText(from)}</span>
        <span>{dayText(to)}</span>
      </div>
    </div>
  );
}
