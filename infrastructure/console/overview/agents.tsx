import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { answerQuery } from "../api/queries.ts";
import { callsAddress } from "../calls/filter.ts";
import { countText, durationText, NOTHING, percentText, shortId, usdText } from "../parts/format.ts";
import { countIn, numberIn, type Row, shareOf, sumOf, textIn } from "../parts/row.ts";
import { ofAgent, type Scope } from "./scope.ts";
import { Nothing, Section } from "./section.tsx";

/** What each agent did and cost. */
export function Agents({ scope }: { readonly scope: Scope }) {
  const range = { from: scope.from, to: scope.to };
  const costs = useQuery(answerQuery("cost", range)).data;
  const durations = byAgent(useQuery(answerQuery("call-durations", range)).data?.items);
  const verdicts = Map.groupBy(useQuery(answerQuery("success-rate", range)).data?.items ?? [], (row) =>
    textIn(row, "agent_id"),
  );
  const transfers = byAgent(useQuery(answerQuery("containment", range)).data?.items);
  const rows = ofAgent(costs?.items ?? [], scope);
  return (
    <Section title="Agents" question="cost" scope={scope} className="c12 new">
      {costs && rows.length === 0 ? (
        <Nothing>No agent had a call in these days.</Nothing>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable by keyboard.
        <section className="scrollx" tabIndex={0} aria-label="Agents, table">
          <table className="tbl agents">
            <thead>
              <tr>
                <th>Agent</th>
                <th className="num">Calls</th>
                <th className="num">Succeeded</th>
                <th className="num">Without a person</th>
                <th className="num">Median length</th>
                <th className="num">Per call</th>
                <th className="num">Per minute</th>
                <th className="num">Per success</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => {
                const agent = textIn(row, "agent_id");
                const contained = numberIn(transfers.get(agent), "containment_percent");
                return (
                  <tr key={agent}>
                    <td>
                      <Link
                        className={textIn(row, "agent_name") ? "b" : "mono"}
                        href={callsAddress({ agent, ...range })}
                      >
                        {textIn(row, "agent_name") ?? (agent === null ? NOTHING : shortId(agent))}
                      </Link>
                    </td>
                    <td className="num">{countText(countIn(row, "calls"))}</td>
                    <td className="num">{percentText(successIn(verdicts.get(agent)))}</td>
                    <td className="num">{contained === null ? NOTHING : percentText(contained / 100)}</td>
                    <td className="num">{durationText(numberIn(durations.get(agent), "p50_secs"))}</td>
                    <td className="num">{usdText(numberIn(row, "usd_per_call"), 3)}</td>
                    <td className="num">{usdText(numberIn(row, "usd_per_minute"), 3)}</td>
                    <td className="num">{usdText(numberIn(row, "usd_per_success"), 3)}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </section>
      )}
    </Section>
  );
}

/** The share of decided calls that succeeded, over all versions of an agent. */
function successIn(versions: readonly Row[] = []): number | null {
  const succeeded = sumOf(versions, "succeeded");
  return shareOf(succeeded, succeeded + sumOf(versions, "failed"));
}

function byAgent(rows: readonly Row[] | undefined) {
  return new Map((rows ?? []).map((row) => [textIn(row, "agent_id"), row]));
}
