import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { answerQuery } from "../api/queries.ts";
import { callsAddress } from "../calls/filter.ts";
import { countText, percentText } from "../parts/format.ts";
import { countIn, type Row, shareOf, textIn } from "../parts/row.ts";
import { ofAgent, type Scope } from "./scope.ts";
import { Nothing, Section } from "./section.tsx";

interface Count {
  readonly failed: number;
  readonly decided: number;
}

const SHOWN = 6;
/** A rate is marked as worse if it rose by more than this. */
const NOISE = 0.01;

/** The criteria that calls did not meet, the most frequent first. */
export function Criteria({
  scope,
  before,
}: {
  readonly scope: Scope;
  readonly before: { readonly from: string; readonly to: string };
}) {
  const { data } = useQuery(answerQuery("evaluation-pass-rate", { from: scope.from, to: scope.to }));
  const earlier = useQuery(answerQuery("evaluation-pass-rate", before)).data;
  const now = countsOf(ofAgent(data?.items ?? [], scope));
  const then = countsOf(ofAgent(earlier?.items ?? [], scope));
  const sorted = [...now].sort(([, one], [, other]) => (rateOf(other) ?? 0) - (rateOf(one) ?? 0)).slice(0, SHOWN);
  return (
    <Section title="Criteria not met" question="evaluation-pass-rate" scope={scope} className="c4 new">
      {data && sorted.length === 0 ? (
        <Nothing>No call of these days was evaluated by a criterion.</Nothing>
      ) : (
        <table className="tbl crit">
          <thead>
            <tr>
              <th>Criterion</th>
              <th className="num">Not met</th>
              <th className="num">of</th>
              <th className="num">Rate</th>
              <th className="num bf">Before</th>
            </tr>
          </thead>
          <tbody>
            {sorted.map(([id, count]) => {
              const [rate, rateBefore] = [rateOf(count), rateOf(then.get(id))];
              const isWorse = rate !== null && rateBefore !== null && rate > rateBefore + NOISE;
              return (
                <tr key={id}>
                  <td>
                    <Link
                      className="mono"
                      href={callsAddress({ failed_criterion: id, from: scope.from, to: scope.to, agent: scope.agent })}
                    >
                      {id}
                    </Link>
                  </td>
                  <td className="num b">{countText(count.failed)}</td>
                  <td className="num t3">{countText(count.decided)}</td>
                  <td className={`num ${isWorse ? "bad" : ""}`} title={isWorse ? "Worse than before" : undefined}>
                    {percentText(rate)}
                  </td>
                  <td className="num t3 bf">{percentText(rateBefore)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </Section>
  );
}

/** The counts of each criterion over all its agents. */
function countsOf(rows: readonly Row[]): Map<string, Count> {
  const counts = new Map<string, Count>();
  for (const row of rows) {
    const id = textIn(row, "criteria_id") ?? "";
    const { failed, decided } = counts.get(id) ?? { failed: 0, decided: 0 };
    const [more, passed] = [countIn(row, "failed"), countIn(row, "passed")];
    counts.set(id, { failed: failed + more, decided: decided + more + passed });
  }
  return counts;
}

function rateOf(count: Count | undefined): number | null {
  return count ? shareOf(count.failed, count.decided) : null;
}
