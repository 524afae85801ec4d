import { useRef } from "react";
import { plural } from "../parts/format.ts";
import { useWidth } from "../parts/use-width.ts";

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const LEFT = 32;
const CELL_HEIGHT = 20;
const BOTTOM = 18;

/** Calls by weekday (1 is Monday) and hour, as a grid whose cells are darker for more calls. */
export function HourGrid({
  calls,
}: {
  readonly calls: readonly { readonly weekday: number; readonly hour: number; readonly calls: number }[];
}) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const counts = new Map(calls.map(({ weekday, hour, calls: count }) => [weekday * 24 + hour, count]));
  const most = Math.max(1, ...counts.values());
  const cell = (width - LEFT) / 24;
  const height = WEEKDAYS.length * CELL_HEIGHT + BOTTOM;
  return (
    <div ref={box} className="chart">
      {width > 0 && (
        <svg
          width={width}
          height={height}
          role="img"
          aria-label={`Calls by weekday and hour in UTC; at most ${plural(most, "call")} in one hour`}
        >
          {WEEKDAYS.map((name, row) => (
            <g key={name}>
              <text x={0} y={row * CELL_HEIGHT + 14}>
                {name}
              </text>
              {Array.from({ length: 24 }, (_, hour) => {
                const count = counts.get((row + 1) * 24 + hour) ?? 0;
                const share = count === 0 ? 0 : 8 + 92 * Math.sqrt(count / most);
                return (
                  <rect
                    // biome-ignore lint/suspicious/noArrayIndexKey: the hour is the key.
                    key={hour}
                    x={LEFT + hour * cell + 0.5}
                    y={row * CELL_HEIGHT + 0.5}
                    width={Math.max(1, cell - 1)}
                    height={CELL_HEIGHT - 1}
                    rx={1}
                    fill={
                      count === 0
                        ? "var(--bg-sunk)"
                        : `color-mix(in oklab, var(--accent) ${share.toFixed(0)}%, var(--bg))`
                    }
                  >
                    <title>{`${name} ${hour}:00: ${plural(count, "call")}`}</title>
                  </rect>
                );
              })}
            </g>
          ))}
          {[0, 6, 12, 18].map((hour) => (
            <text key={hour} x={LEFT + hour * cell} y={height - 4}>
              {hour}
            </text>
          ))}
          <text x={width} y={height - 4} textAnchor="end">
            24
          </text>
        </svg>
      )}
    </div>
  );
}
