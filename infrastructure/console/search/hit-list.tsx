import { memo, useEffect, useRef } from "react";
import { Link } from "wouter";
import { callerText, localText, shortId, timeText, weekdayText } from "../parts/format.ts";
import { callTitle, Outcome, outcomeOf } from "../parts/outcome.tsx";
import { useKeys } from "../shell/keys.ts";
import type { CallHits } from "./call-hits.ts";
import { HitLine } from "./hit-line.tsx";

interface Props {
  readonly calls: readonly CallHits[];
  readonly phrase: string;
  readonly agentNames: ReadonlyMap<string, string>;
  /** The hit that the address names. */
  readonly selected: string | null;
  readonly select: (id: string) => void;
}

/** The hits, grouped by call. `j` and `k` move the focus from hit to hit. */
export function HitList({ calls, phrase, agentNames, selected, select }: Props) {
  const list = useRef<HTMLOListElement>(null);
  const links = () => [...(list.current?.querySelectorAll<HTMLAnchorElement>("a.is") ?? [])];
  const current = () => {
    const all = links();
    const focused = all.findIndex((link) => link.contains(document.activeElement));
    return focused >= 0 ? focused : all.findIndex((link) => link.dataset["hit"] === selected);
  };
  const move = (step: number) => {
    const all = links();
    all[Math.max(0, Math.min(all.length - 1, current() + step))]?.focus();
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: () => links()[Math.max(0, current())]?.click(),
  });

  // Back from a call, the list is where it was left. Later changes of the address come from this list.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the list appears.
  useEffect(() => {
    if (selected) links()[current()]?.focus();
  }, []);

  return (
    <ol ref={list}>
      {calls.map((call) => (
        <Group
          key={call.id}
          call={call}
          phrase={phrase}
          agent={call.agent === null ? "" : (agentNames.get(call.agent) ?? shortId(call.agent))}
          select={select}
        />
      ))}
    </ol>
  );
}

const Group = memo(function Group(props: {
  readonly call: CallHits;
  readonly phrase: string;
  readonly agent: string;
  readonly select: (id: string) => void;
}) {
  const { call, phrase, agent, select } = props;
  const when = call.hasTime ? `${weekdayText(call.at)}, ${timeText(call.at)}` : weekdayText(call.at);
  return (
    <li className="hit">
      <div className="hd">
        <Outcome kind={outcomeOf(call)} isShort />
        <Link className="ttl" href={`/calls/${encodeURIComponent(call.id)}`}>
          <bdi>{callTitle(call)}</bdi>
        </Link>
        <span className="r">
          {callerText(call.caller)} · {agent && <>{agent} · </>}
          <time dateTime={call.at} title={call.hasTime ? localText(call.at) : undefined}>
            {when}
          </time>
        </span>
      </div>
      {call.lines.map((line) => (
        <div key={line.turn}>
          {line.isAfterGap && (
            <div className="ln" aria-hidden="true">
              <span />
              <span className="at">⋯</span>
            </div>
          )}
          <HitLine call={call.id} line={line} phrase={phrase} onFocus={select} />
        </div>
      ))}
    </li>
  );
});
