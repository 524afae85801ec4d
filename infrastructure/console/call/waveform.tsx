import { useEffect, useRef, useState } from "react";
import type WaveSurfer from "wavesurfer.js";
import { useTheme } from "../shell/theme.ts";
import type { Course } from "./course.ts";
import { recordingBytes } from "./files.client.ts";
import { barsOf, lanePath } from "./lanes.ts";
import { AUDIBLE, type Loudness, readLoudness, unreadLoudness } from "./loudness.ts";
import type { Player } from "./player.ts";

/** What is known of the sound of a recording. */
export type Sound = "reading" | "audible" | "silent" | "unreadable";

const NONCE = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
/** A gradient of this number of equal colours for each lane changes within two pixels of the middle. */
const SHADES = 32;

/** The loudness of the recording in two lanes. It draws nothing until there is something to see. */
export default function Waveform(props: {
  readonly player: Player;
  readonly url: string;
  readonly course: Course;
  readonly half: number;
  readonly onSound: (sound: Sound) => void;
}) {
  const { player, url, course, half, onSound } = props;
  const box = useRef<HTMLDivElement>(null);
  const [wave, setWave] = useState<WaveSurfer>();
  const [theme] = useTheme();
  const report = useRef(onSound);
  report.current = onSound;

  useEffect(() => {
    const container = box.current;
    const media = player.audio();
    if (!container || !media) return;
    const aborter = new AbortController();
    let shown: WaveSurfer | undefined;
    const loudness = unreadLoudness(course.length);
    const show = (drawn: WaveSurfer) => {
      if (loudness.loudest < AUDIBLE) return;
      drawn.setOptions({});
      report.current("audible");
    };
    const load = async () => {
      const { default: Wave } = await import("wavesurfer.js");
      if (aborter.signal.aborted) return;
      const drawn = Wave.create({
        container,
        media,
        duration: course.length,
        peaks: [new Float32Array(2)],
        height: 2 * half,
        interact: false,
        cursorWidth: 0,
        cspNonce: NONCE,
        renderFunction: (_, canvas) => drawLanes(canvas, course, loudness, half, container),
        ...colours(container),
      });
      shown = drawn;
      setWave(drawn);
      const bytes = await recordingBytes(url, aborter.signal);
      await readLoudness(bytes, course.length, loudness, () => show(drawn));
      if (loudness.loudest < AUDIBLE) report.current("silent");
    };
    load().catch(() => {
      if (!aborter.signal.aborted) report.current("unreadable");
    });
    return () => {
      aborter.abort();
      shown?.destroy();
      setWave(undefined);
    };
  }, [player, url, course, half]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours depend on the theme.
  useEffect(() => {
    if (box.current) wave?.setOptions(colours(box.current));
  }, [wave, theme]);

  return <div ref={box} className="wave" />;
}

function drawLanes(
  canvas: CanvasRenderingContext2D,
  course: Course,
  loudness: Loudness,
  half: number,
  container: HTMLElement,
): void {
  if (loudness.loudest < AUDIBLE) return;
  const scale = canvas.canvas.height / (2 * half);
  canvas.scale(scale, scale);
  const bars = barsOf(course.speech, course.length, canvas.canvas.width / scale, loudness);
  canvas.fillStyle = colour(container, "--accent-w");
  canvas.fill(new Path2D(lanePath(bars, "agent", half)));
  canvas.fillStyle = colour(container, "--caller-w");
  canvas.fill(new Path2D(lanePath(bars, "caller", half)));
}

function colours(container: HTMLElement) {
  const of = (token: string) => new Array<string>(SHADES).fill(colour(container, token));
  return { progressColor: [...of("--accent"), ...of("--caller")] };
}

/** The value that a token has in the theme. */
function colour(container: HTMLElement, token: string): string {
  const probe = document.createElement("i");
  probe.style.color = `var(${token})`;
  container.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
