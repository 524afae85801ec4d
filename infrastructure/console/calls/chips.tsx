import { useId, useState } from "react";
import type { CallFilter, Facets } from "../api/queries.ts";
import { callerText, dayText, shortId, today } from "../parts/format.ts";
import { Icon } from "../parts/icon.tsx";
import { channelText, outcomeWord } from "../parts/outcome.tsx";
import { DEFAULT_WEEKS, type FilterName, firstDay } from "./filter.ts";

interface Props {
  readonly filter: CallFilter & { readonly from: string; readonly to: string };
  readonly change: (name: FilterName, value: string | undefined) => void;
  readonly setDays: (from: string, to: string) => void;
  readonly agents: Facets["agent"] | undefined;
}

const LABELS: Readonly<Partial<Record<FilterName, string>>> = {
  agent: "Agent",
  caller: "Caller",
  direction: "Direction",
  channel: "Channel",
  status: "Status",
  outcome: "Outcome",
  source: "Source",
  min_duration: "At least",
  max_duration: "At most",
  has_recording: "Recording",
  failed_criterion: "Criterion not met",
};

/** The range of days, and the filters that are on. A click removes one. */
export function Chips({ filter, change, setDays, agents }: Props) {
  const on = (Object.keys(LABELS) as FilterName[]).filter((name) => filter[name] !== undefined);
  return (
    <div className="chips">
      <Days filter={filter} setDays={setDays} />
      {on.map((name) => {
        const text = valueText(name, String(filter[name]), agents);
        return (
          <button
            type="button"
            key={name}
            className="chip on"
            aria-label={`Remove the filter ${LABELS[name]}: ${text}`}
            onClick={() => change(name, undefined)}
          >
            {LABELS[name]} <b>{text}</b>
            <Icon name="close" />
          </button>
        );
      })}
    </div>
  );
}

function valueText(name: FilterName, value: string, agents: Facets["agent"] | undefined): string {
  switch (name) {
    case "agent":
      return String(agents?.find((agent) => agent.value === value)?.name ?? shortId(value));
    case "caller":
      return callerText(value);
    case "channel":
      return channelText(value);
    case "outcome":
      return value === "success" || value === "failure" || value === "unknown" ? outcomeWord(value) : value;
    case "status":
      return value === "failed"
        ? outcomeWord("failed")
        : value === "initiation_failure"
          ? outcomeWord("attempt")
          : value;
    case "has_recording":
      return value === "true" ? "yes" : "no";
    case "min_duration":
    case "max_duration":
      return `${value} s`;
    default:
      return value;
  }
}

/** The range of days, and a menu to choose another one. */
export function Days({
  filter,
  setDays,
}: {
  readonly filter: { readonly from: string; readonly to: string };
  readonly setDays: (from: string, to: string) => void;
}) {
  const id = useId();
  const [days, edit] = useState<readonly [string, string]>();
  const [from, to] = days ?? [filter.from, filter.to];
  return (
    <>
      <button type="button" className="chip on" popoverTarget={id}>
        {filter.from === filter.to ? dayText(filter.from) : `${dayText(filter.from)} – ${dayText(filter.to)}`}
        <Icon name="down" />
      </button>
      <div id={id} popover="auto" className="menu" onToggle={() => edit(undefined)}>
        <div className="ctl">
          {[1, DEFAULT_WEEKS, 13, 52].map((weeks) => (
            <button type="button" key={weeks} className="btn sm" onClick={() => setDays(firstDay(weeks), today())}>
              {weeks === 1 ? "1 week" : `${weeks} weeks`}
            </button>
          ))}
        </div>
        <label>
          From{" "}
          <input
            type="date"
            className="inp"
            value={from}
            max={to}
            onChange={(event) => edit([event.target.value, to])}
          />
        </label>
        <label>
          To{" "}
          <input
            type="date"
            className="inp"
            value={to}
            min={from}
            onChange={(event) => edit([from, event.target.value])}
          />
        </label>
        <button
          type="button"
          className="btn pri sm"
          disabled={!from || !to || from > to}
          onClick={() => setDays(from, to)}
        >
          Show these days
        </button>
      </div>
    </>
  );
}
