import type { Call } from "../api/queries.ts";
import { Icon } from "../parts/icon.tsx";
import { CallerFacts } from "./caller-facts.tsx";
import { Collected } from "./collected.tsx";
import { Cost } from "./cost.tsx";
import { Criteria } from "./criteria.tsx";
import { LongText } from "./long-text.tsx";
import type { Player } from "./player.ts";
import { Proof } from "./proof.tsx";
import { Waits } from "./waits.tsx";

/** What is known about a call besides its words, and below it what the archive proves. */
export function Facts(props: { readonly call: Call; readonly player: Player; readonly length: number }) {
  const { call, player, length } = props;
  const { conversation, evaluations, data_points, variables, turns } = call;
  const { summary } = conversation;
  return (
    <aside className="pane rail" aria-label="Facts">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a pane that scrolls must be reachable by keyboard. */}
      <section className="facts scroll" tabIndex={0} aria-label="Facts of the call">
        <section className="fs">
          <h2>Summary</h2>
          <p className="txt">
            {summary ? <LongText text={summary} /> : <span className="t3">ElevenLabs sent no summary.</span>}
          </p>
          <Warnings conversation={conversation} />
        </section>
        <Criteria evaluations={evaluations} />
        <Collected values={data_points} />
        <Waits turns={turns} player={player} length={length} />
        <CallerFacts call={call} />
        <Cost call={call} />
        <Feedback conversation={conversation} />
        <Variables variables={variables} />
      </section>
      <Proof call={call} />
    </aside>
  );
}

function Warnings({ conversation: { warnings, error_code, error_reason } }: Pick<Call, "conversation">) {
  const lines = [
    ...(error_reason ? [`${error_reason}${error_code ? ` (${error_code})` : ""}`] : []),
    ...(warnings?.split("\n") ?? []),
  ];
  if (lines.length === 0) return null;
  return (
    <ul className="wrn">
      {lines.map((line) => (
        <li key={line}>
          <Icon name="alert" className="warn" /> <bdi>{line}</bdi>
        </li>
      ))}
    </ul>
  );
}

function Feedback({ conversation: { rating, feedback_comment, likes, dislikes } }: Pick<Call, "conversation">) {
  const hasThumbs = Boolean(likes || dislikes);
  if (!rating && !feedback_comment && !hasThumbs) return null;
  return (
    <section className="fs">
      <h2>
        Feedback <span className="t3">{rating && `${rating} of 5`}</span>
      </h2>
      {feedback_comment && (
        <p className="txt">
          <LongText text={feedback_comment} />
        </p>
      )}
      {hasThumbs && (
        <p className="t2">
          Turns liked: {likes ?? 0}, disliked: {dislikes ?? 0}
        </p>
      )}
    </section>
  );
}

function Variables({ variables }: Pick<Call, "variables">) {
  if (variables.length === 0) return null;
  const isSystem = ({ name }: { readonly name: string | null }) => name?.startsWith("system__") ?? false;
  const system = variables.filter(isSystem);
  const own = variables.filter((variable) => !isSystem(variable));
  return (
    <details className="fs">
      <summary>
        <Icon name="right" />
        Variables{" "}
        <span className="t3">
          {own.length} own, {system.length} of the system
        </span>
      </summary>
      <dl className="kv">
        {[...own, ...system].map(({ name, value, source }) => (
          <div key={name}>
            <dt className="mono">
              <bdi>{name?.replace("system__", "")}</bdi>
            </dt>
            <dd className="mono">
              {value === null || value === "" ? <span className="t3">empty</span> : <LongText text={value} />}
              {source === "tool" && <span className="t3"> changed by a tool</span>}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
