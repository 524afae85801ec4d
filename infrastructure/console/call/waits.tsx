import { useRef } from "react";
import type { Call } from "../api/queries.ts";
import { durationText, secondsText } from "../parts/format.ts";
import { useWidth } from "../parts/use-width.ts";
import type { Player } from "./player.ts";
import { SLOW_SECS } from "./turn-row.tsx";

const HEIGHT = 60;
const FOOT = 16;
const BAR = 5;

interface Wait {
  readonly at: number;
  readonly secs: number;
}

/** The waits for the language model over the call. A click on one goes to it. */
export function Waits(props: {
  readonly turns: Call["turns"];
  readonly player: Player;
  /** The length of the call, in seconds. */
  readonly length: number;
}) {
  const { turns, player, length } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const waits = turns.flatMap(({ ttfb_secs, time_in_call_secs }): Wait[] =>
    ttfb_secs === null ? [] : [{ at: time_in_call_secs ?? 0, secs: ttfb_secs }],
  );
  const [first] = waits;
  if (!first) return null;
  const longest = waits.reduce((most, wait) => (wait.secs > most.secs ? wait : most), first);
  const scale = (HEIGHT - FOOT) / Math.max(SLOW_SECS * 1.3, longest.secs);
  const line = Math.round(HEIGHT - FOOT - SLOW_SECS * scale) + 0.5;
  const summary = `longest ${secondsText(longest.secs)} at ${durationText(longest.at)}`;
  return (
    <section className="fs">
      <h2>
        Waits <span className="t3">{summary}</span>
      </h2>
      <div ref={box} className="waits">
        {width > 0 && (
          <svg width={width} height={HEIGHT} role="img" aria-label={`Waits for the language model: ${summary}`}>
            {highest(waits, (at) => ((width - BAR) * at) / length).map(({ x, wait }) => (
              // biome-ignore lint/a11y/noStaticElementInteractions: the transcript has the same turns for the keyboard.
              <g key={x} onClick={() => player.seek(wait.at)}>
                <title>{`${durationText(wait.at)}: ${secondsText(wait.secs)}`}</title>
                <rect className="hit" x={x} y={0} width={BAR} height={HEIGHT - FOOT} />
                <rect
                  className={wait.secs >= SLOW_SECS ? "slow" : "ok"}
                  x={x}
                  y={HEIGHT - FOOT - Math.max(1.5, wait.secs * scale)}
                  width={BAR}
                  height={Math.max(1.5, wait.secs * scale)}
                />
              </g>
            ))}
            <line className="ax0" x1={0} x2={width} y1={HEIGHT - FOOT + 0.5} y2={HEIGHT - FOOT + 0.5} />
            <line className="limit" x1={0} x2={width} y1={line} y2={line} />
            <text x={width} y={line - 4} textAnchor="end">
              {SLOW_SECS} s
            </text>
            <text x={0} y={HEIGHT - 3}>
              0:00
            </text>
            <text x={width} y={HEIGHT - 3} textAnchor="end">
              {durationText(length)}
            </text>
          </svg>
        )}
      </div>
    </section>
  );
}

/** The longest wait of each place that can be distinguished. */
function highest(waits: readonly Wait[], placeOf: (at: number) => number): { x: number; wait: Wait }[] {
  const places = new Map<number, Wait>();
  for (const wait of waits) {
    const x = Math.floor(placeOf(wait.at) / (BAR + 1)) * (BAR + 1);
    const other = places.get(x);
    if (!other || other.secs < wait.secs) places.set(x, wait);
  }
  return [...places].map(([x, wait]) => ({ x, wait }));
}
