import "./call.css";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { type Call, callQuery } from "../api/queries.ts";
import { callTitle } from "../parts/outcome.tsx";
import { Problem, Skeleton } from "../parts/states.tsx";
import { useAddress } from "../shell/address.ts";
import { useKeys } from "../shell/keys.ts";
import { useMedia } from "../shell/media.ts";
import { copyText } from "../shell/toast.tsx";
import { callAddress } from "./call-address.ts";
import { CallHead } from "./call-head.tsx";
import { type Course, courseOf, troublesOf } from "./course.ts";
import { Facts } from "./facts.tsx";
import { createPlayer } from "./player.ts";
import { nextTrouble } from "./player-bar.tsx";
import { Recording } from "./recording.tsx";
import { useSilences } from "./silences.ts";
import { HAS_PANES, Transcript } from "./transcript.tsx";

/** One call. */
export default function CallView({ id }: { readonly id: string }) {
  const { data: call, error, refetch } = useQuery(callQuery(id));
  if (error) return <Problem error={error} retry={() => void refetch()} />;
  if (!call)
    return (
      <div className="frame cf">
        <div className="pane call">
          <Skeleton lines={14} label="The call is being loaded" />
        </div>
        <div className="pane rail" />
      </div>
    );
  // A recording that arrives later has another length.
  return <Loaded key={call.recording?.audio_key} call={call} />;
}

function Loaded({ call }: { readonly call: Call }) {
  const [parameters, change] = useAddress();
  const course = useMemo(() => courseOf(call), [call]);
  const [silences, areSilencesUnknown] = useSilences(call);
  const troubles = useMemo(() => troublesOf(course, silences), [course, silences]);
  const moment = momentIn(parameters, course);
  const [player] = useState(() => createPlayer(course.length, moment ?? 0));
  const [page, setPage] = useState<HTMLElement | null>(null);
  const hasPanes = useMedia(HAS_PANES);
  const tab = parameters.get("tab") === "facts" ? "facts" : "transcript";
  const { conversation } = call;

  useEffect(() => {
    const { title } = document;
    // The shell names the page after this effect.
    queueMicrotask(() => {
      document.title = `${callTitle(conversation)} · Call archive`;
    });
    return () => {
      document.title = title;
    };
  }, [conversation]);
  const mustPlay = parameters.get("play") === "1";
  useEffect(() => {
    if (moment === undefined) return;
    player.seek(moment);
    if (mustPlay) player.play();
  }, [player, moment, mustPlay]);

  const copyLink = () => {
    const second = Math.floor(player.time());
    const address = `${location.origin}${callAddress(conversation.conversation_id)}?t=${second}`;
    void copyText(address, "Link to this moment");
  };
  useKeys({
    " ": player.toggle,
    ArrowLeft: () => player.seek(player.time() - 5),
    ArrowRight: () => player.seek(player.time() + 5),
    n: () => nextTrouble(player, troubles),
    "<": () => player.changeSpeed(-1),
    ">": () => player.changeSpeed(1),
    c: copyLink,
  });

  const hasAudio = call.recording !== null;
  return (
    <div ref={setPage} className="frame cf">
      <div className="pane call">
        <CallHead {...{ call, parameters, copyLink }} />
        <Recording {...{ call, course, silences, areSilencesUnknown, troubles, player }} />
        {!hasPanes && <Tabs tab={tab} choose={(chosen) => change({ tab: chosen === "facts" ? "facts" : undefined })} />}
        {(hasPanes || tab === "transcript") && call.turns.length > 0 && (
          <Transcript {...{ call, course, silences, player, hasAudio, page }} key={String(hasPanes)} />
        )}
      </div>
      {(hasPanes || tab === "facts") && <Facts call={call} player={player} length={course.length} />}
    </div>
  );
}

function Tabs({ tab, choose }: { readonly tab: string; readonly choose: (tab: string) => void }) {
  return (
    <div className="tabs" role="tablist" aria-label="Parts of the call">
      {["transcript", "facts"].map((each) => (
        <button type="button" key={each} role="tab" aria-selected={tab === each} onClick={() => choose(each)}>
          {each === "facts" ? "Facts" : "Transcript"}
        </button>
      ))}
    </div>
  );
}

/** The moment that the address names, in seconds. */
function momentIn(parameters: URLSearchParams, { speech }: Course): number | undefined {
  const turn = parameters.get("turn");
  if (turn !== null) {
    const index = Number(turn);
    return (speech.find((each) => (each.turn.turn_index ?? 0) >= index) ?? speech.at(-1))?.start;
  }
  const secs = Number(parameters.get("t") ?? Number.NaN);
  return Number.isFinite(secs) ? secs : undefined;
}
