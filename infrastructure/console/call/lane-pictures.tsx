import { memo } from "react";
import { durationText, secondsText } from "../parts/format.ts";
import { type Course, LONG_SILENCE_SECS, silenceText, type ToolSpan } from "./course.ts";
import { barsOf, lanePath, thinned } from "./lanes.ts";
import { ESTIMATE, type Silence } from "./silences.ts";

interface Place {
  readonly width: number;
  readonly top: number;
  readonly half: number;
}

/** Letters of the labels are about this wide, in pixels. */
const LETTER = 6.2;
const TICKS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600] as const;

/** The lanes as the transcript has them. Its lighter copy is what was not played yet. */
export const Lanes = memo(({ course, width, top, half }: Place & { readonly course: Course }) => {
  const bars = barsOf(course.speech, course.length, width);
  const agent = <path className="wa" d={lanePath(bars, "agent", half)} />;
  const caller = <path className="wc" d={lanePath(bars, "caller", half)} />;
  return (
    <>
      <svg width={width} height={2 * half} className="lane" style={{ top }} aria-hidden="true">
        <line className="ax0" x1={0} x2={width} y1={half + 0.5} y2={half + 0.5} />
        <g>
          <title>{ESTIMATE}</title>
          {agent}
          {caller}
        </g>
      </svg>
      <svg width={width} height={2 * half} className="lane on" style={{ top }} aria-hidden="true">
        {agent}
        {caller}
      </svg>
    </>
  );
});

/** The ground of silences, with their lengths where they fit. */
export const SilenceGround = memo(
  ({
    silences,
    length,
    width,
    top,
    half,
    hasText,
  }: Place & { readonly silences: readonly Silence[]; readonly length: number; readonly hasText: boolean }) =>
    silences.map(({ from, secs }) => {
      const [x, wide] = [(from / length) * width, (secs / length) * width];
      const isLong = secs >= LONG_SILENCE_SECS;
      const text = `${silenceText(secs)}${wide > 88 ? " of silence" : ""}`;
      return (
        <g key={from}>
          <title>{`${silenceText(secs)} of silence from ${durationText(from)}. ${ESTIMATE}`}</title>
          <rect className="gap" x={x} y={top} width={wide} height={2 * half} />
          {hasText && wide > 30 && (
            <text className={isLong ? "tw" : ""} x={x + wide / 2} y={top - 7} textAnchor="middle">
              {text}
            </text>
          )}
        </g>
      );
    }),
);

/** A line where the caller interrupted the agent. */
export const Interruptions = memo(
  ({ course, width, top, half, hasHead }: Place & { readonly course: Course; readonly hasHead: boolean }) =>
    thinned(course.interruptions, (at) => (at / course.length) * width).map(({ item, x }) => {
      const place = Math.round(x) + 0.5;
      return (
        <g key={item} className="cutm">
          <title>Interrupted at about {durationText(item)}</title>
          <line x1={place} x2={place} y1={top} y2={top + 2 * half} />
          {hasHead && <path d={`M${place - 4} ${top - 7}h8l-4 6z`} />}
        </g>
      );
    }),
);

/** The tool calls, as long as they took. Failed ones have a colour, and the word in their label. */
export const ToolLane = memo(
  ({ course, width, top }: { readonly course: Course; readonly width: number; readonly top: number }) => {
    const shown = thinned(
      course.tools,
      ({ start }) => (start / course.length) * width,
      ({ tool }) => tool.is_error === true,
    );
    return shown.map(({ item, x }, n) => {
      const wide = Math.max(4, ((item.end - item.start) / course.length) * width);
      const label = labelOf(item, wide, (shown[n + 1]?.x ?? width) - x - wide);
      const { tool } = item;
      return (
        <g key={`${tool.request_id}${x}`} className={`tb ${tool.is_error ? "bad" : ""}`}>
          <title>{`${tool.tool_name}, ${secondsText(tool.latency_secs)}${tool.is_error ? ", failed" : ""}`}</title>
          <rect x={x} y={top} width={wide} height={14} rx={2} />
          {label && (
            <text x={label.isInside ? x + 6 : x + wide + 4} y={top + 11}>
              {label.text}
            </text>
          )}
        </g>
      );
    });
  },
);

/** The time, in steps that leave enough space. */
export const Axis = memo(
  ({ length, width, top }: { readonly length: number; readonly width: number; readonly top: number }) => {
    const step = TICKS.find((secs) => (secs / length) * width >= (length < 3_600 ? 64 : 88)) ?? 3_600;
    const count = Math.min(60, Math.floor(length / step) + 1);
    return Array.from({ length: count }, (_, n) => n * step).map((at) => {
      const x = Math.round((at / length) * width);
      const anchor = at === 0 ? "start" : x > width - 16 ? "end" : "middle";
      return (
        <g key={at}>
          <line className="ax0" x1={x + 0.5} x2={x + 0.5} y1={top} y2={top + 4} />
          <text x={x} y={top + 15} textAnchor={anchor}>
            {durationText(at)}
          </text>
        </g>
      );
    });
  },
);

function labelOf({ tool }: ToolSpan, inside: number, outside: number) {
  const name = tool.tool_name ?? "tool";
  const latency = tool.latency_secs ?? 0;
  const full = latency >= 1 ? `${name} ${secondsText(latency)}` : name;
  const fits = (text: string, space: number) => text.length * LETTER + 12 < space;
  if (fits(full, inside)) return { text: full, isInside: true };
  if (fits(name, inside)) return { text: name, isInside: true };
  return fits(full, outside) ? { text: full, isInside: false } : undefined;
}
