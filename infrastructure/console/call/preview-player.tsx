import { useMemo, useState } from "react";
import { fileUrl } from "../api/client.ts";
import type { Call } from "../api/queries.ts";
import { durationText } from "../parts/format.ts";
import { courseOf } from "./course.ts";
import { createPlayer, usePlayer } from "./player.ts";
import { PlayButton } from "./player-bar.tsx";
import { useSilences } from "./silences.ts";
import { TimeLine } from "./time-line.tsx";

/** The time line of a call in short, with a button to play it if it was recorded. */
export function PreviewPlayer({ call }: { readonly call: Call }) {
  const course = useMemo(() => courseOf(call), [call]);
  const [silences] = useSilences(call);
  const [player] = useState(() => createPlayer(course.length, 0));
  const isPlaying = usePlayer(player, player.isPlaying);
  const second = usePlayer(player, () => Math.floor(player.time()));
  if (course.speech.length === 0) return null;
  const url = call.recording
    ? fileUrl(`/calls/${encodeURIComponent(call.conversation.conversation_id)}/recording`)
    : undefined;
  return (
    <div className="pvp">
      {/* biome-ignore lint/a11y/useMediaCaption: the transcript is below it. */}
      {url && <audio ref={player.attach} src={url} preload="none" />}
      {url && <PlayButton player={player} isPlaying={isPlaying} />}
      <TimeLine {...{ player, course, silences, url }} isCompact />
      <span className="t3 s">{durationText(second > 0 ? second : course.length)}</span>
    </div>
  );
}
