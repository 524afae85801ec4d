import "./overview.css";
import { useQuery } from "@tanstack/react-query";
import { facetsQuery, overviewQuery } from "../api/queries.ts";
import { DEFAULT_WEEKS, firstDay } from "../calls/filter.ts";
import { dayAfter, dayText, shortId, today } from "../parts/format.ts";
import { Select } from "../parts/select.tsx";
import { Problem, Skeleton } from "../parts/states.tsx";
import { useAddress } from "../shell/address.ts";
import { Agents } from "./agents.tsx";
import { BusyHours } from "./busy-hours.tsx";
import { CallsPerDay } from "./calls-per-day.tsx";
import { Criteria } from "./criteria.tsx";
import { HealthStrip } from "./health-strip.tsx";
import { KeyNumbers } from "./key-numbers.tsx";
import type { Scope } from "./scope.ts";
import { Waits } from "./waits.tsx";
import { WorstCalls } from "./worst-calls.tsx";

const RANGES = [1, DEFAULT_WEEKS, 13];

/** The numbers of some weeks, compared with the weeks before, and whether every call is in the archive. */
export function Overview() {
  const [parameters, change] = useAddress();
  const weeks = RANGES.find((each) => String(each) === parameters.get("weeks")) ?? DEFAULT_WEEKS;
  const agent = parameters.get("agent") ?? undefined;
  const scope: Scope = { from: firstDay(weeks), to: today(), agent };
  const { data, error, refetch } = useQuery(overviewQuery(scope.from, scope.to, agent));
  const span = weeks === 1 ? "week" : `${weeks} weeks`;
  return (
    <div className="page">
      <div className="head">
        <div className="grow">
          <h1>Overview</h1>
          <span className="t3">
            {dayText(scope.from)} – {dayText(scope.to)} {scope.to.slice(0, 4)}, compared with the {span} before
          </span>
        </div>
        <div className="ctl">
          <AgentSelect scope={scope} choose={(next) => change({ agent: next }, true)} />
          <fieldset className="seg" aria-label="Range">
            {RANGES.map((each) => (
              <button
                type="button"
                key={each}
                aria-pressed={each === weeks}
                onClick={() => change({ weeks: each === DEFAULT_WEEKS ? undefined : String(each) }, true)}
              >
                {each === 1 ? "1 week" : `${each} weeks`}
              </button>
            ))}
          </fieldset>
        </div>
      </div>
      <HealthStrip scope={scope} />
      {error ? (
        <Problem error={error} retry={() => void refetch()} />
      ) : data ? (
        <>
          <KeyNumbers overview={data} scope={scope} />
          <div className="grid">
            <CallsPerDay overview={data} scope={scope} />
            <WorstCalls scope={scope} />
            <Criteria scope={scope} before={{ from: String(data.previous["from"]), to: String(data.previous["to"]) }} />
            <Waits overview={data} scope={scope} />
            <BusyHours scope={scope} />
            <Agents scope={scope} />
          </div>
        </>
      ) : (
        <Skeleton lines={16} label="The numbers are being loaded" />
      )}
    </div>
  );
}

function AgentSelect({
  scope,
  choose,
}: {
  readonly scope: Scope;
  readonly choose: (agent: string | undefined) => void;
}) {
  const { data } = useQuery(facetsQuery({ from: dayAfter(scope.from, -90), to: scope.to }));
  const agents = data?.["agent"] ?? [];
  const isListed = scope.agent === undefined || agents.some(({ value }) => value === scope.agent);
  return (
    <Select aria-label="Agent" value={scope.agent ?? ""} onChange={({ target }) => choose(target.value || undefined)}>
      <option value="">All agents</option>
      {!isListed && <option value={scope.agent}>{shortId(scope.agent ?? "")}</option>}
      {agents.map(({ value, name }) => (
        <option key={String(value)} value={String(value)}>
          {name === null ? shortId(String(value)) : String(name)}
        </option>
      ))}
    </Select>
  );
}
