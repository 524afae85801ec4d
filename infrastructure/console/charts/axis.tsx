import { dayText } from "../parts/format.ts";

/** Horizontal lines with their values at the left. */
export function ValueAxis(props: {
  readonly ticks: readonly number[];
  readonly y: (value: number) => number;
  readonly left: number;
  readonly right: number;
  readonly text: (value: number) => string;
}) {
  const { ticks, y, left, right, text } = props;
  return ticks.map((tick) => {
    const at = Math.round(y(tick)) + 0.5;
    return (
      <g key={tick}>
        <line className={tick === 0 ? "ax0" : "ax"} x1={left} x2={right} y1={at} y2={at} />
        <text x={left - 8} y={at + 4} textAnchor="end">
          {text(tick)}
        </text>
      </g>
    );
  });
}

/** How wide the name of a day is, with a gap. */
const DAY_WIDTH = 66;

/** The names of as many days as fit, counted from the last one. */
export function DayAxis(props: {
  readonly days: readonly string[];
  readonly x: (index: number) => number;
  readonly width: number;
  readonly y: number;
}) {
  const { days, x, width, y } = props;
  const step = Math.max(1, Math.ceil((days.length * DAY_WIDTH) / Math.max(1, width)));
  const last = days.length - 1;
  return days.map((day, index) =>
    (last - index) % step === 0 ? (
      <text
        key={day}
        x={x(index)}
        y={y}
        textAnchor={index === last && last > 0 ? "end" : index === 0 ? "start" : "middle"}
      >
        {dayText(day)}
      </text>
    ) : null,
  );
}
