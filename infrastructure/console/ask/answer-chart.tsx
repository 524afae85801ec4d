import { useMemo } from "react";
import { plural, shortId } from "../parts/format.ts";
import { Select } from "../parts/select.tsx";
import { useAddress } from "../shell/address.ts";
import { useAgentNames } from "./agent-names.ts";
import { Bars } from "./bars.tsx";
import { drawingOf } from "./chart-data.ts";
import { columnsOf } from "./columns.ts";
import { Panel } from "./panel.tsx";
import type { Question, Rows } from "./questions.ts";

/** The natural chart of an answer. Another column of numbers can be drawn. */
export function AnswerChart({
  chart,
  answer,
}: {
  readonly chart: NonNullable<Question["chart"]>;
  readonly answer: Rows & { readonly values: Readonly<Record<string, string>> };
}) {
  const [address, change] = useAddress();
  const numbers = useMemo(
    () => columnsOf(answer).filter(({ name, isNumber }) => isNumber && !chart.labels.includes(name)),
    [answer, chart],
  );
  const chosen = numbers.find(({ name }) => name === address.get("_draw"));
  const value = chosen?.name ?? chart.value;
  const drawing = useMemo(() => drawingOf(chart, value, answer.items, answer.values), [chart, value, answer]);
  const names = useAgentNames(chart.labels.includes("agent_id"), answer.values);
  const nameOf = (label: string) =>
    label
      .split(" · ")
      .map((part) => names.get(part) ?? (part.startsWith("agent_") ? shortId(part) : part))
      .join(" · ");
  const { hidden } = drawing;
  return (
    <section className="as" aria-labelledby="as-chart">
      <div className="sech">
        <h2 id="as-chart">
          {value} by {drawing.kind === "bars" ? chart.labels.join(", ") : drawing.axis.name}
        </h2>
        <span className="t3 s">
          {drawing.kind !== "bars" && drawing.series.length > 1 && "one scale for all panels"}
          {hidden > 0 &&
            `${drawing.kind === "bars" ? "; " : ", "}${plural(hidden, drawing.kind === "bars" ? "more row" : "smaller series", drawing.kind === "bars" ? "more rows" : "smaller series")} in the table only`}
        </span>
        {numbers.length > 1 && (
          <Select
            className="sm end"
            aria-label="Drawn value"
            value={value}
            onChange={(event) => change({ _draw: event.target.value === chart.value ? undefined : event.target.value })}
          >
            {numbers.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </Select>
        )}
      </div>
      {drawing.kind === "bars" ? (
        <Bars bars={drawing.bars} nameOf={nameOf} />
      ) : (
        <div className={`panels of-${Math.min(4, drawing.series.length)}`}>
          {drawing.series.map((series) => (
            <Panel key={series.name} drawing={drawing} series={series} value={value} name={nameOf(series.name)} />
          ))}
        </div>
      )}
    </section>
  );
}
