import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { type Call, callQuery } from "../api/queries.ts";
import { callAddress } from "../call/call-address.ts";
import { Criteria } from "../call/criteria.tsx";
import { PreviewPlayer } from "../call/preview-player.tsx";
import { callerText, durationText, timeText, weekdayText } from "../parts/format.ts";
import { callTitle, Outcome, outcomeOf } from "../parts/outcome.tsx";
import { Problem, Skeleton } from "../parts/states.tsx";
import { useAddress } from "../shell/address.ts";

/** How many entries of the transcript the preview shows. */
const SHOWN_TURNS = 12;

/** What the selected call is about, beside the list. */
export function CallPreview({ id }: { readonly id: string | undefined }) {
  return (
    <aside className="pane preview" aria-label="Preview">
      {id && <Loaded id={id} />}
    </aside>
  );
}

function Loaded({ id }: { readonly id: string }) {
  const { data: call, error, refetch } = useQuery(callQuery(id));
  if (error) return <Problem error={error} retry={() => void refetch()} />;
  if (!call) return <Skeleton label="The call is being loaded" />;
  return <Preview key={id} call={call} />;
}

function Preview({ call }: { readonly call: Call }) {
  const [parameters] = useAddress();
  const { conversation, evaluations, turns } = call;
  const spoken = turns.filter(({ kind, message }) => kind === "said" && message);
  return (
    <>
      <div className="pvh">
        <h2>
          <bdi>{callTitle(conversation)}</bdi>
        </h2>
        <div className="meta">
          <Outcome kind={outcomeOf(conversation)} />
          <span>{callerText(conversation.caller)}</span>
          {conversation.started_at && (
            <span>
              {weekdayText(conversation.started_at)}, {timeText(conversation.started_at)}
            </span>
          )}
          <span>
            {conversation.status === "initiation_failure" ? "no call" : durationText(conversation.duration_secs)}
          </span>
          {conversation.rating !== null && (
            <span className={conversation.rating <= 2 ? "bad" : ""}>Rated {conversation.rating} of 5</span>
          )}
        </div>
      </div>
      <PreviewPlayer call={call} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a pane that scrolls must be reachable by keyboard. */}
      <section className="scroll" tabIndex={0} aria-label="Preview of the call">
        {conversation.summary && (
          <section className="fs">
            <p className="txt">
              <bdi>{conversation.summary}</bdi>
            </p>
          </section>
        )}
        {conversation.status === "initiation_failure" && (
          <section className="fs">
            <p className="txt">The attempt failed before there was a call. There is nothing to hear or to read.</p>
          </section>
        )}
        <Criteria evaluations={evaluations} />
        {spoken.length > 0 && (
          <section className="fs">
            <h2>Transcript</h2>
            <ol className="pvl">
              {spoken.slice(0, SHOWN_TURNS).map((turn) => (
                <li key={turn.turn_index} className={turn.role ?? ""}>
                  <span className="at">{durationText(turn.time_in_call_secs)}</span>
                  <span>
                    <span className="vh">{turn.role}: </span>
                    <bdi>{turn.message}</bdi>
                  </span>
                </li>
              ))}
            </ol>
            {spoken.length > SHOWN_TURNS && <p className="t3 s">and {spoken.length - SHOWN_TURNS} more</p>}
          </section>
        )}
      </section>
      <div className="pvf">
        <Link className="btn pri" href={callAddress(conversation.conversation_id, parameters)}>
          Open call <kbd className="kh">Enter</kbd>
        </Link>
        <span className="t3 s grow">
          <kbd>j</kbd> <kbd>k</kbd> to move, <kbd>p</kbd> to hide
        </span>
      </div>
    </>
  );
}
