import { durationText, secondsText } from "../parts/format.ts";
import type { Speech, Turn } from "./course.ts";
import { LongText, visible } from "./long-text.tsx";
import { speakerName } from "./time-line.tsx";

/** A longer wait is slow, in seconds. */
export const SLOW_SECS = 1.5;

/** A turn that was heard. A click plays it, unless text is being selected. */
export function TurnRow(props: {
  readonly speech: Speech;
  readonly isCurrent: boolean;
  readonly canPlay: boolean;
  readonly onPick: () => void;
}) {
  const { speech, isCurrent, canPlay, onPick } = props;
  const { turn, start } = speech;
  const { role, kind, feedback, agent_id } = turn;
  const at = durationText(Math.floor(start));
  const isSaid = (kind ?? "said") === "said";
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the time in it is a button for the keyboard.
    // biome-ignore lint/a11y/noStaticElementInteractions: see above.
    <div
      className={`turn ${role === "agent" ? "agent" : ""} ${isSaid ? "" : "quiet"} ${isCurrent ? "now" : ""}`}
      aria-current={isCurrent ? "true" : undefined}
      onClick={() => {
        if (String(getSelection()) === "") onPick();
      }}
    >
      <button
        type="button"
        className="at"
        aria-label={`${canPlay ? "Play from" : "Go to"} ${at}`}
        onClick={(event) => {
          event.stopPropagation();
          onPick();
        }}
      >
        {at}
      </button>
      <span className="who" title={role === "agent" ? (agent_id ?? undefined) : undefined}>
        {speakerName(role)}
      </span>
      <span className="tx">
        {!isSaid && <span className="t3">{KINDS[kind ?? ""] ?? kind}: </span>}
        <Said turn={turn} />
        {feedback && <span className={`fb ${feedback === "dislike" ? "bad" : "t3"}`}> {feedback}d by the caller</span>}
      </span>
      <Wait turn={turn} />
    </div>
  );
}

const KINDS: Readonly<Record<string, string>> = {
  backchannel: "ignored by the agent",
  mailbox: "greeting of a machine",
  contextual_update: "sent by your application",
  silence: "said nothing",
  timeout: "the wait for the caller ended",
  file: "sent a file",
};

/** An entry that was not heard. */
export function NoteRow({ turn }: { readonly turn: Turn }) {
  const { role, kind, message, time_in_call_secs } = turn;
  const hasText = message !== null && message.trim() !== "" && !["silence", "timeout"].includes(kind ?? "");
  return (
    <div className="turn quiet note-row">
      <span className="at">{durationText(time_in_call_secs)}</span>
      <span className="who">{speakerName(role)}</span>
      <span className="tx">
        <span className="t3">
          {KINDS[kind ?? ""] ?? visible(kind ?? "unknown entry")}
          {hasText && ": "}
        </span>
        {hasText && <LongText text={message} />}
      </span>
    </div>
  );
}

function Said({ turn: { message, original_message, interrupted } }: { readonly turn: Turn }) {
  const said = message ?? "";
  const kept = said.replace(/(\.\.\.|…)$/, "").trimEnd();
  const lost = interrupted && original_message?.startsWith(kept) ? original_message.slice(kept.length) : "";
  return (
    <>
      <LongText text={lost ? kept : said} />
      {lost && (
        <del title="Not heard: the caller interrupted">
          <LongText text={lost} />
        </del>
      )}
      {interrupted && <span className="cutt"> interrupted</span>}
    </>
  );
}

function Wait({ turn }: { readonly turn: Turn }) {
  const { ttfb_secs, ttf_sentence_secs, rag_latency_secs, rag_chunk_count, llm_model } = turn;
  if (ttfb_secs === null) return <span className="wait" />;
  const isSlow = ttfb_secs >= SLOW_SECS;
  const parts = [
    `First byte of the language model after ${secondsText(ttfb_secs)}`,
    ttf_sentence_secs !== null && `first sentence after ${secondsText(ttf_sentence_secs)}`,
    rag_chunk_count !== null && `${rag_chunk_count} passages retrieved in ${secondsText(rag_latency_secs)}`,
    llm_model,
  ].filter(Boolean);
  return (
    <span className={`wait ${isSlow ? "slow" : ""}`} title={parts.join(", ")}>
      {secondsText(ttfb_secs)}
      {isSlow && <span className="vh"> slow</span>}
    </span>
  );
}
