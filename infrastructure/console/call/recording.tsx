import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fileUrl } from "../api/client.ts";
import type { Call } from "../api/queries.ts";
import { Icon } from "../parts/icon.tsx";
import { absenceOf } from "./absence.ts";
import type { Course, Trouble } from "./course.ts";
import { recordingProblem } from "./files.client.ts";
import type { Player } from "./player.ts";
import { PlayerBar } from "./player-bar.tsx";
import type { Silence } from "./silences.ts";
import { TimeLine } from "./time-line.tsx";
import type { Sound } from "./waveform.tsx";

const NOTES: Readonly<Partial<Record<Sound, string>>> = {
  silent: "The recording is silent",
  unreadable: "The loudness could not be read",
};

/** The player and the time line. Without a recording: why, and the time line of the transcript. */
export function Recording(props: {
  readonly call: Call;
  readonly course: Course;
  readonly silences: readonly Silence[];
  readonly areSilencesUnknown: boolean;
  readonly troubles: readonly Trouble[];
  readonly player: Player;
}) {
  const { call, course, silences, areSilencesUnknown, troubles, player } = props;
  const [sound, setSound] = useState<Sound>("reading");
  const [isBroken, setBroken] = useState(false);
  const url = fileUrl(`/calls/${encodeURIComponent(call.conversation.conversation_id)}/recording`);
  const absence = absenceOf(call);
  const { data: problem } = useQuery({
    queryKey: ["recording problem", url],
    queryFn: () => recordingProblem(url),
    enabled: isBroken,
  });
  const hasAudio = absence === undefined && !isBroken;
  const shown = absence ?? (isBroken ? problem : undefined);
  return (
    <section className="player" aria-label="Recording">
      {/* biome-ignore lint/a11y/useMediaCaption: the transcript is below it. */}
      {hasAudio && <audio ref={player.attach} src={url} preload="metadata" onError={() => setBroken(true)} />}
      {shown && (
        <div className="prow" role="status">
          <span className="pl">
            <Icon name="muted" />
          </span>
          <p>
            {shown.title}
            <small>{shown.text}</small>
          </p>
          {isBroken && (
            <button type="button" className="btn sm" onClick={() => setBroken(false)}>
              Try again
            </button>
          )}
        </div>
      )}
      {(hasAudio || course.speech.length > 0) && (
        <>
          <TimeLine {...{ player, course, silences }} url={hasAudio ? url : undefined} onSound={setSound} />
          <PlayerBar
            {...{ player, hasAudio, troubles }}
            length={course.length}
            note={areSilencesUnknown ? "Silences are unknown: the query failed" : NOTES[sound]}
          />
        </>
      )}
    </section>
  );
}
