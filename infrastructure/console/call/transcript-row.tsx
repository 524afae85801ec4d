import type { Call } from "../api/queries.ts";
import { durationText } from "../parts/format.ts";
import { LONG_SILENCE_SECS, silenceText } from "./course.ts";
import { endText } from "./end-text.ts";
import { ESTIMATE, type Silence } from "./silences.ts";
import { ToolRow } from "./tool-row.tsx";
import type { TranscriptItem } from "./transcript-items.ts";
import { NoteRow, TurnRow } from "./turn-row.tsx";

/** A row of the transcript, whatever it is. */
export function TranscriptRow(props: {
  readonly item: TranscriptItem;
  readonly isCurrent: boolean;
  readonly isOpen: boolean;
  readonly canPlay: boolean;
  readonly conversation: Call["conversation"];
  /** Goes to a time, and plays if there is a recording. */
  readonly pick: (start: number) => void;
  /** Opens or closes the tool call with this key. */
  readonly toggle: (key: string) => void;
}) {
  const { item, isCurrent, isOpen, canPlay, conversation, pick, toggle } = props;
  switch (item.kind) {
    case "turn": {
      const { speech } = item;
      return <TurnRow {...{ speech, isCurrent, canPlay }} onPick={() => pick(speech.start)} />;
    }
    case "note":
      return <NoteRow turn={item.turn} />;
    case "tool":
      return <ToolRow tool={item.tool} depth={item.depth} isOpen={isOpen} toggle={() => toggle(item.key)} />;
    case "silence":
      return <SilenceRow silence={item.silence} />;
    case "end":
      return <p className="endr">{`${durationText(conversation.duration_secs ?? null)} · ${endText(conversation)}`}</p>;
  }
}

function SilenceRow({ silence: { secs, tools } }: { readonly silence: Silence }) {
  return (
    <p className={`gapr ${secs >= LONG_SILENCE_SECS ? "long" : ""}`} title={ESTIMATE}>
      <span>
        {silenceText(secs)} of silence{tools && ` with ${tools.replaceAll(",", ", ")}`}
      </span>
    </p>
  );
}
