import { scaleLinear } from "d3-scale";
import type { Point } from "./chart-data.ts";

/** A bar for each row, with its name and its value. */
export function Bars({
  bars,
  nameOf,
}: {
  readonly bars: readonly Point[];
  readonly nameOf: (label: string) => string;
}) {
  const values = bars.map(({ value }) => value ?? 0);
  const x = scaleLinear([Math.min(0, ...values), Math.max(0, ...values) || 1], [0, 100]);
  return (
    <ul className="hbars">
      {bars.map(({ at, value, title }) => (
        <li key={title} title={title}>
          <span className="cut">
            <bdi>{nameOf(at)}</bdi>
          </span>
          <svg height="12" aria-hidden="true">
            {value !== null && (
              <rect
                x={`${x(Math.min(0, value))}%`}
                width={`${Math.max(0.3, x(Math.max(0, value)) - x(Math.min(0, value)))}%`}
                height="12"
              />
            )}
          </svg>
          <span className="num">{value ?? "–"}</span>
        </li>
      ))}
    </ul>
  );
}
