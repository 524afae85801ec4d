import { useId } from "react";
import { fileUrl } from "../api/client.ts";
import type { Call } from "../api/queries.ts";
import { bytesText } from "../parts/format.ts";
import { Icon } from "../parts/icon.tsx";
import { copyText, showToast } from "../shell/toast.tsx";
import { fileText } from "./files.client.ts";

const FORMATS = [
  { format: "txt", name: "Text" },
  { format: "md", name: "Markdown" },
  { format: "vtt", name: "Captions (WebVTT)" },
  { format: "json", name: "Rows (JSON)" },
] as const;

/** The files of a call: its transcript in four formats, the JSON as it was delivered, and the recording. */
export function ExportMenu({ call }: { readonly call: Call }) {
  const id = useId();
  const { conversation, turns, recording } = call;
  const name = conversation.conversation_id;
  const path = `/calls/${encodeURIComponent(name)}`;
  const copyTranscript = async () => {
    const text = await fileText(fileUrl(`${path}/transcript`, { format: "txt" }));
    if (text !== undefined) await copyText(text, "Transcript");
    else showToast("The archive did not send the transcript");
  };
  return (
    <>
      <button type="button" className="btn sm" popoverTarget={id}>
        <Icon name="download" />
        <span>Export</span>
        <Icon name="down" />
      </button>
      <div id={id} popover="auto" className="menu files">
        {turns.length > 0 && (
          <section>
            <h3>Transcript</h3>
            {FORMATS.map((each) => (
              <a
                key={each.format}
                href={fileUrl(`${path}/transcript`, { format: each.format })}
                download={`${name}.${each.format}`}
              >
                {each.name} <span className="t3">.{each.format}</span>
              </a>
            ))}
            <button type="button" popoverTarget={id} popoverTargetAction="hide" onClick={() => void copyTranscript()}>
              Copy as text
            </button>
          </section>
        )}
        <section>
          <h3>As it was delivered</h3>
          <a href={fileUrl(`${path}/raw`)} download={`${name}.json`}>
            Delivery (JSON) <span className="t3">{bytesText(Number(conversation.raw_bytes))}</span>
          </a>
          {recording && (
            <a href={fileUrl(`${path}/recording`)} download={`${name}.mp3`}>
              Recording (MP3) <span className="t3">{bytesText(Number(recording.audio_bytes))}</span>
            </a>
          )}
        </section>
      </div>
    </>
  );
}
