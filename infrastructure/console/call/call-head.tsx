import { Link, useLocation } from "wouter";
import type { Call } from "../api/queries.ts";
import { callsAddress } from "../calls/filter.ts";
import { callerText, countText, durationText, localText, timeText, weekdayText } from "../parts/format.ts";
import { Icon } from "../parts/icon.tsx";
import { callTitle, Outcome, outcomeOf } from "../parts/outcome.tsx";
import { useKeys } from "../shell/keys.ts";
import { callAddress, listAddress } from "./call-address.ts";
import { endText } from "./end-text.ts";
import { ExportMenu } from "./export-menu.tsx";
import { visible } from "./long-text.tsx";
import { useNeighbours } from "./neighbours.ts";

/** What the call is, and the ways from it: to its list, to its neighbours, and out of the archive. */
export function CallHead(props: {
  readonly call: Call;
  readonly parameters: URLSearchParams;
  readonly copyLink: () => void;
}) {
  const { call, parameters, copyLink } = props;
  const { conversation } = call;
  const { conversation_id: id, started_at, dt, rating, caller, agent_id, agent_name } = conversation;
  return (
    <header className="ch">
      <div className="crumb">
        <Link href={listAddress(parameters, id)}>Calls</Link>
        <Icon name="right" />
        {dt && <Link href={callsAddress({ from: dt, to: dt })}>{weekdayText(dt)}</Link>}
        <Beside conversation={conversation} parameters={parameters} />
      </div>
      <div className="tt">
        <h1 className="grow">
          <bdi>{visible(callTitle(conversation))}</bdi>
        </h1>
        <div className="ctl">
          <button type="button" className="btn sm" title="Copy link to this moment (c)" onClick={copyLink}>
            <Icon name="link" />
            <span>Copy link</span> <kbd className="kh">c</kbd>
          </button>
          <ExportMenu call={call} />
        </div>
      </div>
      <div className="meta">
        <Outcome kind={outcomeOf(conversation)} />
        {caller && caller !== "anonymous" ? (
          <Link className="link" href={callsAddress({ caller, from: "2020-01-01" })} title="All calls of this caller">
            {callerText(caller)}
          </Link>
        ) : (
          <span>{callerText(caller)}</span>
        )}
        {agent_id && (
          <Link href={callsAddress({ agent: agent_id })} title={agent_id}>
            {agent_name ? <bdi>{agent_name}</bdi> : <span className="mono">{agent_id}</span>}
          </Link>
        )}
        {started_at && (
          <time dateTime={started_at} title={localText(started_at)}>
            {timeText(started_at)} UTC
          </time>
        )}
        {conversation.duration_secs !== null && conversation.status !== "initiation_failure" && (
          <span>{durationText(conversation.duration_secs)}</span>
        )}
        {rating !== null && rating !== undefined && (
          <span className={rating <= 2 ? "bad" : ""}>Rated {rating} of 5</span>
        )}
        <bdi className="cut">{endText(conversation)}</bdi>
      </div>
    </header>
  );
}

function Beside({ conversation, parameters }: { conversation: Call["conversation"]; parameters: URLSearchParams }) {
  const [, go] = useLocation();
  const { before, after, position } = useNeighbours(conversation, parameters);
  const open = (id: string | undefined) => id && go(callAddress(id, parameters));
  useKeys({ "[": () => open(before), "]": () => open(after) });
  return (
    <span className="pos">
      {position && (
        <span>
          {countText(position[0])} of {countText(position[1])}
        </span>
      )}
      <Step id={before} parameters={parameters} name="Call before in the list" sign="[" icon="left" />
      <Step id={after} parameters={parameters} name="Call after in the list" sign="]" icon="right" />
    </span>
  );
}

function Step(props: {
  readonly id: string | undefined;
  readonly parameters: URLSearchParams;
  readonly name: string;
  readonly sign: string;
  readonly icon: "left" | "right";
}) {
  const { id, parameters, name, sign, icon } = props;
  if (!id)
    return (
      <span className="iconb off" aria-hidden="true">
        <Icon name={icon} />
      </span>
    );
  return (
    <Link className="iconb" href={callAddress(id, parameters)} aria-label={name} title={`${name} (${sign})`}>
      <Icon name={icon} />
    </Link>
  );
}
