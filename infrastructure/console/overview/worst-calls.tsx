import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { answerQuery } from "../api/queries.ts";
import { dayText, timeText } from "../parts/format.ts";
import { callTitle, Outcome, outcomeOf } from "../parts/outcome.tsx";
import { textIn } from "../parts/row.ts";
import { ofAgent, type Scope } from "./scope.ts";
import { Nothing, Section } from "./section.tsx";

const SHOWN = 5;

/** The calls that a supervisor should review first. */
export function WorstCalls({ scope }: { readonly scope: Scope }) {
  const { data } = useQuery(answerQuery("worst-calls", { from: scope.from, to: scope.to }));
  const rows = ofAgent(data?.items ?? [], scope);
  return (
    <Section title="Review these first" question="worst-calls" scope={scope} className="c4">
      {data && rows.length === 0 && <Nothing>No call of these days failed or was rated poorly.</Nothing>}
      <ul className="firsts">
        {rows.slice(0, SHOWN).map((row) => {
          const at = textIn(row, "started_at");
          const call = { title: textIn(row, "title"), status: textIn(row, "error_code") ? "failed" : null };
          return (
            <li key={textIn(row, "conversation_id")}>
              <Link href={`/calls/${encodeURIComponent(textIn(row, "conversation_id") ?? "")}`}>
                <Outcome
                  kind={outcomeOf({ status: call.status, call_successful: textIn(row, "call_successful") })}
                  isShort
                />
                <bdi className="ttl b cut">{callTitle(call)}</bdi>
                {at && (
                  <span className="t3 s nw">
                    {dayText(at)}, {timeText(at)}
                  </span>
                )}
                <span className="why">{textIn(row, "reasons")}</span>
              </Link>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
