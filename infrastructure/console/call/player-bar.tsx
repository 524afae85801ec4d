import { durationText, plural } from "../parts/format.ts";
import { Icon } from "../parts/icon.tsx";
import { showToast } from "../shell/toast.tsx";
import type { Trouble } from "./course.ts";
import { type Player, usePlayer } from "./player.ts";

/** The controls under the time line. Without a recording, there is only the way to the next problem. */
export function PlayerBar(props: {
  readonly player: Player;
  readonly length: number;
  readonly hasAudio: boolean;
  readonly troubles: readonly Trouble[];
  readonly note?: string | undefined;
}) {
  const { player, length, hasAudio, troubles, note } = props;
  const isPlaying = usePlayer(player, player.isPlaying);
  const second = usePlayer(player, () => Math.floor(player.time()));
  const speed = usePlayer(player, player.speed);
  return (
    <div className="pc">
      {hasAudio && (
        <>
          <PlayButton player={player} isPlaying={isPlaying} />
          <button
            type="button"
            className="iconb"
            aria-label="Back 5 seconds"
            title="Back 5 s (←)"
            onClick={() => player.seek(player.time() - 5)}
          >
            <Icon name="back" />
          </button>
          <button
            type="button"
            className="iconb"
            aria-label="Forward 5 seconds"
            title="Forward 5 s (→)"
            onClick={() => player.seek(player.time() + 5)}
          >
            <Icon name="forward" />
          </button>
        </>
      )}
      <span className="time">
        {durationText(second)} <span>/ {durationText(length)}</span>
      </span>
      {hasAudio && (
        <button
          type="button"
          className="btn sm speed"
          aria-label={`Speed ${speed}×`}
          title="Speed (< >)"
          onClick={() => player.changeSpeed()}
        >
          {speed}×
        </button>
      )}
      <span className="right">
        {note && <span className="s t3 hide-s">{note}</span>}
        {troubles.length > 0 && (
          <button type="button" className="btn sm" onClick={() => nextTrouble(player, troubles)}>
            <Icon name="next" />
            <span>Next of {plural(troubles.length, "problem")}</span> <kbd className="kh">n</kbd>
          </button>
        )}
      </span>
    </div>
  );
}

/** Play or pause. */
export function PlayButton({ player, isPlaying }: { readonly player: Player; readonly isPlaying: boolean }) {
  return (
    <button type="button" className="play" aria-label={isPlaying ? "Pause" : "Play"} onClick={player.toggle}>
      <Icon name={isPlaying ? "pause" : "play"} />
    </button>
  );
}

/** Goes to a second before the next problem, or to the first one after the last, and shows what it is. */
export function nextTrouble(player: Player, troubles: readonly Trouble[]): void {
  const next = troubles.find(({ at }) => at > player.time() + 1.1) ?? troubles[0];
  if (!next) return;
  player.seek(next.at - 1);
  showToast(next.what);
}
