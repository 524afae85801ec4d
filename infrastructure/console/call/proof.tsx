import type { ReactNode } from "react";
import type { Call } from "../api/queries.ts";
import { bytesText, localText } from "../parts/format.ts";
import { Icon } from "../parts/icon.tsx";
import { copyText } from "../shell/toast.tsx";

const SIGNATURES: Readonly<Record<Call["archive"]["signature"], { readonly word: string; readonly why: string }>> = {
  valid: { word: "Signed", why: "The signature of ElevenLabs matches the stored bytes." },
  invalid: { word: "Signature does not match", why: "The stored bytes are not those that ElevenLabs signed." },
  none: { word: "Not signed", why: "The call was fetched or uploaded later, so there is no signature." },
  "unknown secret": {
    word: "Signed with another secret",
    why: "The bytes are those that were accepted. The secret that signed them is no longer configured.",
  },
};
const STEPS: Readonly<Record<string, string>> = { audio: "recording", rows: "rows", memory: "memory" };

/** What the archive proves about a call: who signed it, when it was received, and where it is. */
export function Proof({ call }: { readonly call: Call }) {
  const { conversation, archive, recording } = call;
  const signature = SIGNATURES[archive.signature];
  const tone = { valid: "acc", none: "t3", "unknown secret": "warn", invalid: "bad" }[archive.signature];
  const done = archive.steps.filter(({ state }) => state === "done").length;
  const lag = lagText(call);
  return (
    <details className="proof">
      <summary>
        <Icon name={archive.signature === "invalid" ? "alert" : "seal"} className={tone} />
        <span>
          <span className="b">{signature.word}</span>{" "}
          <span className="t2">
            {lag && `· here ${lag} `}· {done} of {archive.steps.length} steps done
          </span>
        </span>
        <Icon name="right" />
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a pane that scrolls must be reachable by keyboard. */}
      <section className="in" tabIndex={0} aria-label="Proof">
        <dl className="kv">
          <Row name="Signature">{signature.why}</Row>
          <Row name="Received">
            <time className="mono" dateTime={archive.received_at} title={localText(archive.received_at)}>
              {archive.received_at.replace("T", " ").slice(0, 19)} UTC
            </time>
            {lag && ` ${lag}`}
            {conversation.source && `, ${conversation.source}`}
          </Row>
          <Row name="Steps">
            {archive.steps.map(({ step, state, reason }) => (
              <span key={step} className="oc step" title={reason ?? undefined}>
                <Icon
                  name={state === "done" ? "check" : state === "failed" ? "fail" : "clock"}
                  className={state === "done" ? "acc" : state === "failed" ? "bad" : "t3"}
                />
                {STEPS[step] ?? step}
                {state !== "done" && ` ${state === "open" ? "waits" : "failed"}`}
                {reason && <span className="t3">: {reason}</span>}
              </span>
            ))}
          </Row>
          <Copied name="JSON" value={archive.raw_key} what="Key of the JSON" size={conversation.raw_bytes} />
          {archive.audio_key && (
            <Copied name="MP3" value={archive.audio_key} what="Key of the recording" size={recording?.audio_bytes} />
          )}
          {conversation.raw_sha256 && <Copied name="SHA-256" value={conversation.raw_sha256} what="SHA-256" />}
          <Copied name="Conversation" value={conversation.conversation_id} what="Conversation id" />
          {conversation.agent_id && <Copied name="Agent" value={conversation.agent_id} what="Agent id" />}
          {conversation.version_id && <Copied name="Version" value={conversation.version_id} what="Version id" />}
        </dl>
      </section>
    </details>
  );
}

function Row({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Copied(props: {
  readonly name: string;
  readonly value: string;
  readonly what: string;
  readonly size?: number | string | null | undefined;
}) {
  const { name, value, what, size } = props;
  return (
    <Row name={name}>
      <span className="copied">
        <span className="grow">
          <bdi className="mono">{value}</bdi>
          {size !== undefined && size !== null && <span className="t3"> {bytesText(Number(size))}</span>}
        </span>
        <button type="button" className="cp" aria-label={`Copy: ${what}`} onClick={() => void copyText(value, what)}>
          <Icon name="copy" />
        </button>
      </span>
    </Row>
  );
}

/** How long after the end of the call it was received, as the saved query `ingest-lag` has it. */
function lagText({ conversation: { started_at, duration_secs }, archive }: Call): string | undefined {
  if (!started_at || duration_secs === null) return undefined;
  const secs = Math.max(
    0,
    Math.round((Date.parse(archive.received_at) - Date.parse(started_at)) / 1000 - duration_secs),
  );
  const minutes = Math.floor(secs / 60);
  if (minutes < 1) return `after ${secs}\u202fs`;
  if (minutes < 60) return `after ${minutes}\u202fmin`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `after ${hours}\u202fh`;
  return `after ${Math.floor(hours / 24)} days`;
}
