import type { MouseEvent } from "react";
import { dayAfter, dayText, plural, weekdayText } from "../parts/format.ts";

const HEIGHT = 36;
const DAY_MS = 86_400_000;
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
  const days = daysOf(from, to);
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

/** The days from `from` to `to`. None if they are no range. */
function daysOf(from: string, to: string): string[] {
  const length = Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
  return length > 0 ? Array.from({ length: Math.min(length, MOST_DAYS) }, (_, index) => dayAfter(from, index)) : [];
}
