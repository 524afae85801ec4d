import { useSyncExternalStore } from "react";
import { showToast } from "../shell/toast.tsx";

/** The speeds, from slow to fast. */
const SPEEDS: readonly number[] = [0.75, 1, 1.25, 1.5, 2];

/** The position in a call. It exists without a recording too. */
export interface Player {
  /** Connects an `<audio>` element. As a ref of React, it also disconnects it. */
  readonly attach: (audio: HTMLAudioElement) => () => void;
  readonly audio: () => HTMLAudioElement | undefined;
  readonly time: () => number;
  readonly isPlaying: () => boolean;
  readonly speed: () => number;
  readonly seek: (secs: number) => void;
  /** The number of seeks so far. */
  readonly seeks: () => number;
  readonly play: () => void;
  readonly toggle: () => void;
  /** Goes to the next speed, or by 1 or -1 without going round. */
  readonly changeSpeed: (step?: 1 | -1) => void;
  /** Calls `listener` after each change, and in each frame while the recording plays. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** A player of `length` seconds that begins at `start`. */
export function createPlayer(length: number, start: number): Player {
  const listeners = new Set<() => void>();
  let element: HTMLAudioElement | undefined;
  let position = start;
  let speed = 1;
  let seeks = 0;
  let frame = 0;

  const emit = () => {
    for (const listener of listeners) listener();
  };
  const isReady = () => element !== undefined && element.readyState >= HTMLMediaElement.HAVE_METADATA;
  const isPlaying = () => element !== undefined && !element.paused && !element.ended;
  const time = () => (element && isReady() ? Math.min(length, element.currentTime) : position);
  const step = () => {
    emit();
    frame = isPlaying() ? requestAnimationFrame(step) : 0;
  };

  function attach(audio: HTMLAudioElement) {
    element = audio;
    audio.playbackRate = speed;
    const onMetadata = () => {
      if (position > 0) audio.currentTime = position;
      emit();
    };
    const onPlay = () => {
      cancelAnimationFrame(frame);
      step();
    };
    if (isReady()) onMetadata();
    audio.addEventListener("loadedmetadata", onMetadata);
    audio.addEventListener("play", onPlay);
    for (const event of ["pause", "ended", "timeupdate", "seeked"]) audio.addEventListener(event, emit);
    return () => {
      position = time();
      cancelAnimationFrame(frame);
      audio.removeEventListener("loadedmetadata", onMetadata);
      audio.removeEventListener("play", onPlay);
      for (const event of ["pause", "ended", "timeupdate", "seeked"]) audio.removeEventListener(event, emit);
      // An element that left the page would play on.
      audio.pause();
      element = undefined;
      emit();
    };
  }

  function play() {
    element?.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === "NotAllowedError") showToast("Press Space to play");
    });
  }

  return {
    attach,
    audio: () => element,
    time,
    isPlaying,
    speed: () => speed,
    seeks: () => seeks,
    seek: (secs) => {
      seeks += 1;
      position = Math.max(0, Math.min(length, secs));
      if (element && isReady()) element.currentTime = position;
      emit();
    },
    play,
    toggle: () => (isPlaying() ? element?.pause() : play()),
    changeSpeed: (by) => {
      const at = SPEEDS.indexOf(speed);
      const next = by === undefined ? (at + 1) % SPEEDS.length : Math.max(0, Math.min(SPEEDS.length - 1, at + by));
      speed = SPEEDS[next] ?? 1;
      if (element) element.playbackRate = speed;
      emit();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A value of a player. The component renders again only when the value changes. */
export function usePlayer<Value extends string | number | boolean>(player: Player, value: () => Value): Value {
  return useSyncExternalStore(player.subscribe, value);
}
