import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import { useRef } from "react";
import { Link } from "wouter";
import { plural, weekdayText } from "../parts/format.ts";
import { useWidth } from "../parts/use-width.ts";
import { DayAxis, ValueAxis } from "./axis.tsx";

/** A part of each bar, from the bottom to the top. */
interface BarPart {
  readonly name: string;
  readonly color: string;
  /** One value per day. */
  readonly values: readonly number[];
}

const HEIGHT = 232;
const LEFT = 32;
const BOTTOM = 20;
const TOP = 8;

interface Props {
  readonly days: readonly string[];
  readonly parts: readonly BarPart[];
  /** One value per day of the range before, as a dotted line. */
  readonly before: readonly number[] | undefined;
  readonly label: string;
  /** Where a click on a day leads. */
  readonly href: (day: string) => string;
}

/** A bar per day, made of parts. Each bar is a link with its numbers in words. */
export function DayBars({ days, parts, before, label, href }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const totals = days.map((_, index) => parts.reduce((sum, { values }) => sum + (values[index] ?? 0), 0));
  const y = scaleLinear()
    .domain([0, Math.max(1, ...totals, ...(before ?? []))])
    .nice(3)
    .range([HEIGHT - BOTTOM, TOP]);
  const step = (width - LEFT) / Math.max(1, days.length);
  const middle = (index: number) => LEFT + (index + 0.5) * step;
  return (
    <div ref={box} className="chart">
      {width > 0 && (
        // biome-ignore lint/a11y/useSemanticElements: SVG has no element for a group of links.
        <svg width={width} height={HEIGHT} role="group" aria-label={label}>
          <ValueAxis ticks={y.ticks(3).filter(Number.isInteger)} y={y} left={LEFT} right={width} text={String} />
          {days.map((day, index) => (
            <Bar
              key={day}
              day={day}
              index={index}
              parts={parts}
              total={totals[index] ?? 0}
              x={LEFT + index * step}
              step={step}
              y={y}
              href={href(day)}
            />
          ))}
          {before && (
            <path
              d={line<number>((_, index) => middle(index), y)(before) ?? ""}
              fill="none"
              stroke="var(--text-3)"
              strokeDasharray="2 3"
            />
          )}
          <DayAxis
            days={days}
            x={(index) => (index === days.length - 1 ? width : middle(index))}
            width={width - LEFT}
            y={HEIGHT - 2}
          />
        </svg>
      )}
    </div>
  );
}

function Bar(props: {
  readonly day: string;
  readonly index: number;
  readonly parts: readonly BarPart[];
  readonly total: number;
  readonly x: number;
  readonly step: number;
  readonly y: (value: number) => number;
  readonly href: string;
}) {
  const { day, index, parts, total, x, step, y, href } = props;
  const gap = Math.min(3, step * 0.24);
  const words = parts.flatMap(({ name, values }) => (values[index] ? [`${values[index]} ${name}`] : [])).join(", ");
  const label = `${weekdayText(day)}: ${total === 0 ? "no call" : `${plural(total, "call")}: ${words}`}`;
  let below = 0;
  return (
    <Link href={href} aria-label={label} className="bar-link">
      <title>{label}</title>
      <rect x={x} y={TOP} width={Math.max(0, step)} height={HEIGHT - BOTTOM - TOP} fill="transparent" className="hit" />
      {parts.map(({ name, color, values }) => {
        const value = values[index] ?? 0;
        if (value === 0) return null;
        const [bottom, top] = [y(below), y(below + value)];
        below += value;
        return (
          <rect
            key={name}
            x={x + gap / 2}
            y={top}
            width={Math.max(1, step - gap)}
            height={Math.max(0.5, bottom - top - 0.5)}
            fill={color}
          />
        );
      })}
      {/* A cap, so that the height of a pale bar has enough contrast. */}
      {total > 0 && (
        <rect x={x + gap / 2} y={y(total) - 0.5} width={Math.max(1, step - gap)} height={1.5} fill="var(--accent-2)" />
      )}
    </Link>
  );
}
