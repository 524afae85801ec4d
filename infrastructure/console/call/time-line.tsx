import "./time-line.css";
import { type KeyboardEvent, lazy, type PointerEvent, Suspense, useEffect, useRef, useState } from "react";
import { durationText } from "../parts/format.ts";
import { useWidth } from "../parts/use-width.ts";
import { type Course, speechAt } from "./course.ts";
import { Axis, Interruptions, Lanes, SilenceGround, ToolLane } from "./lane-pictures.tsx";
import { type Player, usePlayer } from "./player.ts";
import { ESTIMATE, type Silence } from "./silences.ts";
import type { Sound } from "./waveform.tsx";

const Waveform = lazy(() => import("./waveform.tsx"));

/** Heights in pixels: above the lanes, half of the lanes, the lane of tools and the axis. */
const FULL = { top: 20, half: 32, tools: 24, axis: 20 } as const;
const COMPACT = { top: 2, half: 18, tools: 0, axis: 0 } as const;

interface Props {
  readonly player: Player;
  readonly course: Course;
  readonly silences: readonly Silence[];
  /** The address of the recording, if its loudness is to be drawn. */
  readonly url?: string | undefined;
  readonly isCompact?: boolean;
  readonly onSound?: (sound: Sound) => void;
}

/**
 * A call as a picture: the agent above the line, the caller below it, tools under both, silences and interruptions where
 * they are. A click or a drag moves the player there.
 */
export function TimeLine({ player, course, silences, url, isCompact = false, onSound }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const slider = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const [sound, setSound] = useState<Sound>("reading");
  const isDragged = useRef(false);
  const second = usePlayer(player, () => Math.floor(player.time()));
  const { length } = course;
  const { top, half, axis, tools } = isCompact ? COMPACT : FULL;
  const toolHeight = course.tools.length > 0 ? tools : 0;
  const height = top + 2 * half + toolHeight + axis + (isCompact ? 2 : 0);

  useEffect(() => {
    const move = () => slider.current?.style.setProperty("--played", `${(100 * player.time()) / length}%`);
    move();
    return player.subscribe(move);
  }, [player, length]);

  const seek = ({ clientX }: PointerEvent) => {
    const place = box.current?.getBoundingClientRect();
    if (place) player.seek(((clientX - place.left) / place.width) * length);
  };
  const onKey = (event: KeyboardEvent) => {
    const to = {
      Home: 0,
      End: length,
      PageUp: player.time() + 30,
      PageDown: player.time() - 30,
      ArrowUp: player.time() + 5,
      ArrowDown: player.time() - 5,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    player.seek(to);
  };
  const said = course.speech[speechAt(course.speech, second)]?.turn.role;

  return (
    <div
      ref={slider}
      className={`tl ${isCompact ? "small" : ""} ${url && sound === "audible" ? "heard" : ""}`}
      style={{ height }}
      role="slider"
      tabIndex={0}
      aria-label={url ? "Position in the recording" : "Position in the call"}
      aria-valuemin={0}
      aria-valuemax={Math.round(length)}
      aria-valuenow={second}
      aria-valuetext={`${durationText(second)} of ${durationText(length)}${said ? `, ${speakerName(said)}` : ""}`}
      onKeyDown={onKey}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        isDragged.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
        seek(event);
      }}
      onPointerMove={(event) => isDragged.current && seek(event)}
      onPointerUp={() => {
        isDragged.current = false;
      }}
      onPointerCancel={() => {
        isDragged.current = false;
      }}
    >
      {!isCompact && course.speech.length > 0 && (
        <div className="lns" aria-hidden="true" title={ESTIMATE}>
          <span className="acc">Agent</span>
          <span>Caller</span>
          {toolHeight > 0 && <span>Tools</span>}
        </div>
      )}
      <div ref={box} className="tlb" aria-hidden="true">
        {width > 0 && (
          <>
            <svg width={width} height={height} aria-hidden="true">
              <SilenceGround {...{ silences, length, width, top, half }} hasText={!isCompact} />
            </svg>
            <Lanes {...{ course, width, top, half }} />
            {url && !isCompact && (
              <Suspense>
                <Waveform
                  {...{ player, url, course, half }}
                  onSound={(heard) => {
                    setSound(heard);
                    onSound?.(heard);
                  }}
                />
              </Suspense>
            )}
            <svg width={width} height={height} className="over" aria-hidden="true">
              <Interruptions {...{ course, width, top, half }} hasHead={!isCompact} />
              {toolHeight > 0 && <ToolLane {...{ course, width }} top={top + 2 * half + 6} />}
              {axis > 0 && <Axis {...{ length, width }} top={height - axis} />}
            </svg>
          </>
        )}
        <div className="needle" style={{ top: isCompact ? 0 : top - 8, bottom: axis > 0 ? axis - 4 : 0 }} />
      </div>
    </div>
  );
}

/** What a speaker is called. */
export function speakerName(role: string | null): string {
  return role === "agent" ? "Agent" : role === "user" ? "Caller" : (role ?? "Unknown");
}
