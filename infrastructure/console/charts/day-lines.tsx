import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import { useRef } from "react";
import { useWidth } from "../parts/use-width.ts";
import { DayAxis, ValueAxis } from "./axis.tsx";

/** A line of a chart. `null` is a gap. */
export interface DayLine {
  readonly name: string;
  readonly color: string;
  readonly values: readonly (number | null)[];
}

const HEIGHT = 168;
const LEFT = 40;
const RIGHT = 4;
const BOTTOM = 20;
const TOP = 8;

/** Lines over days. A day with a value between two gaps is a dot. */
export function DayLines(props: {
  readonly days: readonly string[];
  readonly lines: readonly DayLine[];
  readonly label: string;
  readonly text: (value: number) => string;
}) {
  const { days, lines, label, text } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const values = lines.flatMap(({ values: all }) => all.filter((value) => value !== null));
  const y = scaleLinear()
    .domain([0, Math.max(...values, 0) || 1])
    .nice(3)
    .range([HEIGHT - BOTTOM, TOP]);
  const x = (index: number) => LEFT + ((width - LEFT - RIGHT) * index) / Math.max(1, days.length - 1);
  const path = line<number | null>(
    (_, index) => x(index),
    (value) => y(value ?? 0),
  ).defined((value) => value !== null);
  return (
    <div ref={box} className="chart">
      {width > 0 && (
        <svg width={width} height={HEIGHT} role="img" aria-label={label}>
          <ValueAxis ticks={y.ticks(3)} y={y} left={LEFT} right={width} text={text} />
          {lines.map(({ name, color, values: all }) => (
            <g key={name} stroke={color} fill="none" strokeWidth={1.5} strokeLinejoin="round">
              <path d={path(all) ?? ""} />
              {all.map((value, index) =>
                value !== null && isAlone(all, index) ? (
                  <circle key={days[index]} cx={x(index)} cy={y(value)} r={2} fill={color} stroke="none" />
                ) : null,
              )}
            </g>
          ))}
          <DayAxis days={days} x={x} width={width - LEFT} y={HEIGHT - 2} />
        </svg>
      )}
    </div>
  );
}

function isAlone(values: readonly (number | null)[], index: number): boolean {
  return (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null;
}

const SPARK_HEIGHT = 28;

/** A small line without axes. It begins at zero where `isFromZero`. */
export function Sparkline({
  values,
  isFromZero = false,
}: {
  readonly values: readonly (number | null)[];
  readonly isFromZero?: boolean;
}) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const known = values.filter((value) => value !== null);
  const y = scaleLinear()
    .domain([isFromZero ? 0 : Math.min(...known), Math.max(...known)])
    .range([SPARK_HEIGHT - 2, 2]);
  const x = (index: number) => (width * index) / Math.max(1, values.length - 1);
  const path = line<number | null>(
    (_, index) => x(index),
    (value) => y(value ?? 0),
  ).defined((value) => value !== null);
  return (
    <div ref={box} className="spark">
      {width > 0 && known.length > 0 && (
        <svg width={width} height={SPARK_HEIGHT} aria-hidden="true">
          <path d={path(values) ?? ""} fill="none" stroke="var(--accent)" strokeWidth={1.25} strokeLinejoin="round" />
          {values.map((value, index) =>
            value !== null && isAlone(values, index) ? (
              <circle
                // biome-ignore lint/suspicious/noArrayIndexKey: a value has no other name than its place.
                key={index}
                cx={Math.min(width - 1.5, Math.max(1.5, x(index)))}
                cy={y(value)}
                r={1.5}
                fill="var(--accent)"
              />
            ) : null,
          )}
        </svg>
      )}
    </div>
  );
}
