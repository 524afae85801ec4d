import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import { useId, useRef } from "react";
import { dayText } from "../parts/format.ts";
import { useWidth } from "../parts/use-width.ts";
import type { AxisDrawing, Point, Series } from "./chart-data.ts";

const HEIGHT = 148;
const MARGIN = { top: 8, right: 4, bottom: 24, left: 44 };

/** One series over the axis. The scale is that of all series. */
export function Panel(props: {
  readonly drawing: AxisDrawing;
  readonly series: Series;
  readonly value: string;
  readonly name: string;
}) {
  const { drawing, series, value, name } = props;
  const { kind, axis } = drawing;
  const { places, isDays } = axis;
  const id = useId();
  const frame = useRef<HTMLElement>(null);
  const width = useWidth(frame, 280);
  const step = Math.max(1, width - MARGIN.left - MARGIN.right) / places.length;
  const x = (at: string) => MARGIN.left + (places.indexOf(at) + 0.5) * step;
  const all = drawing.series.flatMap(({ points }) => points.map((point) => point.value ?? 0));
  const y = scaleLinear([Math.min(0, ...all), Math.max(0, ...all) || 1], [HEIGHT - MARGIN.bottom, MARGIN.top]).nice(3);
  const ticks = y.ticks(3).filter((tick) => !all.every(Number.isInteger) || Number.isInteger(tick));
  const byPlace = new Map(series.points.map((point) => [point.at, point]));
  return (
    <figure ref={frame}>
      {name !== "" && (
        <figcaption id={id} className="cut" title={name}>
          <bdi>{name}</bdi>
        </figcaption>
      )}
      <svg
        className="chart"
        width={width}
        height={HEIGHT}
        role="img"
        aria-label={`${value} by ${axis.name}${name && `, ${name}`}; the table below has the values`}
      >
        {ticks.map((tick) => (
          <g key={tick}>
            <line
              className={tick === 0 ? "ax0" : "ax"}
              x1={MARGIN.left}
              x2={width - MARGIN.right}
              y1={y(tick)}
              y2={y(tick)}
            />
            <text x={MARGIN.left - 6} y={y(tick) + 4} textAnchor="end">
              {tickText(tick, value)}
            </text>
          </g>
        ))}
        {ticksOf(places, width).map((at) => (
          <text
            key={at}
            x={x(at) > width - 24 ? width : x(at)}
            y={HEIGHT - 6}
            textAnchor={x(at) > width - 24 ? "end" : x(at) < MARGIN.left + 16 ? "start" : "middle"}
          >
            {isDays ? dayText(at) : at}
          </text>
        ))}
        {kind === "line" ? (
          <Line points={places.map((at) => byPlace.get(at))} places={places} x={x} y={y} />
        ) : (
          series.points.map((point) => (
            <Column key={point.title} point={point} x={x(point.at)} width={Math.max(1, Math.min(40, step - 2))} y={y} />
          ))
        )}
      </svg>
    </figure>
  );
}

function Column(props: {
  readonly point: Point;
  readonly x: number;
  readonly width: number;
  readonly y: (value: number) => number;
}) {
  const { point, x, width, y } = props;
  if (point.value === null) return null;
  const [top, bottom] = [y(Math.max(0, point.value)), y(Math.min(0, point.value))];
  return (
    <g className="col">
      <title>{point.title}</title>
      <rect
        className="hit"
        x={x - width / 2}
        width={width}
        y={MARGIN.top}
        height={HEIGHT - MARGIN.top - MARGIN.bottom}
      />
      <rect x={x - width / 2} width={width} y={top} height={Math.max(1, bottom - top)} />
    </g>
  );
}

/** A place without a value is a gap. A point between two gaps is a dot. */
function Line(props: {
  readonly points: readonly (Point | undefined)[];
  readonly places: readonly string[];
  readonly x: (at: string) => number;
  readonly y: (value: number) => number;
}) {
  const { points, places, x, y } = props;
  const has = (index: number) => typeof points[index]?.value === "number";
  const path = line<string>()
    .defined((_, index) => has(index))
    .x((at) => x(at))
    .y((_, index) => y(points[index]?.value ?? 0))([...places]);
  return (
    <g className="ln">
      <path d={path ?? ""} />
      {points.map(
        (point, index) =>
          point &&
          has(index) && (
            <circle
              key={point.at}
              className={has(index - 1) || has(index + 1) ? "on-line" : "alone"}
              cx={x(point.at)}
              cy={y(point.value ?? 0)}
              r={3}
            >
              <title>{point.title}</title>
            </circle>
          ),
      )}
    </g>
  );
}

/** The unit is in the name of the column. */
function tickText(tick: number, column: string): string {
  const number = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 2 }).format(tick);
  if (/_secs(_|$)/.test(column)) return `${number} s`;
  if (/_percent$/.test(column)) return `${number} %`;
  return /_usd(_|$)/.test(column) ? `$${number}` : number;
}

/** As many places as there is room for, with the first and the last. */
function ticksOf(places: readonly string[], width: number): string[] {
  const most = Math.max(2, Math.floor((width - MARGIN.left) / 72));
  const every = Math.max(1, Math.ceil((places.length - 1) / (most - 1)));
  const last = places.length - 1;
  return places.filter((_, index) => index === last || (index % every === 0 && last - index >= every));
}
