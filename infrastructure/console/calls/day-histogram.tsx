import { dayAfter, dayText, plural, weekdayText } from "../parts/format.ts";

const HEIGHT = 36;

/** A bar per day of a range. A bar selects its day. */
export function DayHistogram(props: {
  readonly from: string;
  readonly to: string;
  readonly counts: ReadonlyMap<string, number>;
  readonly onPick: (day: string) => void;
}) {
  const { from, to, counts, onPick } = props;
  const length = Math.min(370, Math.max(1, Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1)) || 1;
  const days = Array.from({ length }, (_, index) => dayAfter(from, index));
  const most = Math.max(1, ...counts.values());
  return (
    <div className="hist">
      <div className="bars">
        {days.map((day) => {
          const calls = counts.get(day) ?? 0;
          const label = `${weekdayText(day)}: ${plural(calls, "call")}`;
          return (
            <button type="button" key={day} title={label} aria-label={label} onClick={() => onPick(day)}>
              <i style={{ height: calls === 0 ? 0 : Math.max(2, (HEIGHT * calls) / most) }} />
            </button>
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
