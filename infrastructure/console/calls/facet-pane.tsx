import { useQuery } from "@tanstack/react-query";
import { answerQuery, type CallFilter, type Facets, facetsQuery } from "../api/queries.ts";
import { countText, shortId } from "../parts/format.ts";
import { Icon } from "../parts/icon.tsx";
import { channelText, outcomeWord } from "../parts/outcome.tsx";
import { sumOf } from "../parts/row.ts";
import { DayHistogram } from "./day-histogram.tsx";
import type { FilterName } from "./filter.ts";

type FacetName = "agent" | "channel" | "direction" | "outcome";

interface Props {
  readonly filter: CallFilter & { readonly from: string; readonly to: string };
  readonly change: (name: FilterName, value: string | undefined) => void;
  readonly setDays: (from: string, to: string) => void;
}

/** The filters beside the list, with the number of calls that each would show. */
export function FacetPane({ filter, change, setDays }: Props) {
  return (
    <aside className="pane facets" aria-label="Filters">
      <Days filter={filter} setDays={setDays} />
      <Facet
        title="Outcome"
        name="outcome"
        filter={filter}
        change={change}
        text={(value) => outcomeWord(value as "success")}
      />
      <Statuses filter={filter} change={change} />
      <Criteria filter={filter} change={change} />
      <Facet
        title="Agent"
        name="agent"
        filter={filter}
        change={change}
        text={(value, name) => name ?? shortId(value)}
      />
      <Facet title="Channel" name="channel" filter={filter} change={change} text={channelText} />
      <Facet
        title="Direction"
        name="direction"
        filter={filter}
        change={change}
        text={(value) => (value === "inbound" ? "Inbound" : "Outbound")}
      />
      <section className="fg">
        <h2>Recording</h2>
        <Choice name="has_recording" value="true" text="With recording" filter={filter} change={change} />
        <Choice name="has_recording" value="false" text="Without recording" filter={filter} change={change} />
      </section>
    </aside>
  );
}

function Days({ filter, setDays }: Pick<Props, "filter" | "setDays">) {
  const { data } = useQuery(facetsQuery(filter));
  const counts = new Map(data?.["day"]?.map(({ value, calls }) => [String(value), calls]));
  return (
    <section className="fg">
      <h2>Day</h2>
      <DayHistogram from={filter.from} to={filter.to} counts={counts} onPick={(day) => setDays(day, day)} />
    </section>
  );
}

/** The counts of one facet under all other filters. */
function useFacet(filter: CallFilter, name: FacetName): Facets[FacetName] | undefined {
  const { [name]: _, ...others } = filter;
  const { data } = useQuery(facetsQuery(others));
  return data?.[name];
}

function Facet(
  props: Pick<Props, "filter" | "change"> & {
    readonly title: string;
    readonly name: FacetName;
    readonly text: (value: string, name: string | null) => string;
  },
) {
  const { title, name, filter, change, text } = props;
  const values = useFacet(filter, name)?.filter(({ value }) => value !== null) ?? [];
  if (values.length === 0 && filter[name] === undefined) return null;
  return (
    <section className="fg">
      <h2>{title}</h2>
      {values.map(({ value, name: label, calls }) => (
        <Choice
          key={String(value)}
          name={name}
          value={String(value)}
          text={text(String(value), label === null ? null : String(label))}
          count={calls}
          filter={filter}
          change={change}
        />
      ))}
    </section>
  );
}

function Statuses({ filter, change }: Pick<Props, "filter" | "change">) {
  return (
    <section className="fg">
      <h2>Status</h2>
      <Choice name="status" value="failed" text={outcomeWord("failed")} filter={filter} change={change} />
      <Choice name="status" value="initiation_failure" text={outcomeWord("attempt")} filter={filter} change={change} />
    </section>
  );
}

function Criteria({ filter, change }: Pick<Props, "filter" | "change">) {
  const { data } = useQuery(answerQuery("evaluation-pass-rate", { from: filter.from, to: filter.to }));
  const failed = Map.groupBy(data?.items ?? [], (row) => String(row["criteria_id"]));
  if (failed.size === 0) return null;
  const counted = [...failed].map(([id, rows]) => ({ id, calls: sumOf(rows, "failed") }));
  return (
    <section className="fg">
      <h2>Criterion not met</h2>
      {counted
        .sort((one, other) => other.calls - one.calls)
        .map(({ id }) => (
          <Choice key={id} name="failed_criterion" value={id} text={id} isId filter={filter} change={change} />
        ))}
    </section>
  );
}

function Choice(
  props: Pick<Props, "filter" | "change"> & {
    readonly name: FilterName;
    readonly value: string;
    readonly text: string;
    readonly count?: number;
    readonly isId?: boolean;
  },
) {
  const { name, value, text, count, isId, filter, change } = props;
  const isOn = filter[name] === value;
  return (
    <button type="button" aria-pressed={isOn} onClick={() => change(name, isOn ? undefined : value)} title={text}>
      <span className="box">
        <Icon name="check" />
      </span>
      <span className={`n cut ${isId ? "mono" : ""}`}>{text}</span>
      {count !== undefined && <span className="c">{countText(count)}</span>}
    </button>
  );
}
