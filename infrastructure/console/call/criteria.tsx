import type { Call } from "../api/queries.ts";
import { shortId } from "../parts/format.ts";
import { Outcome } from "../parts/outcome.tsx";

const ORDER: Readonly<Record<string, number>> = { failure: 0, unknown: 1, success: 2 };

/** The evaluation criteria of a call, failures first, with the reasons of those that were not met. */
export function Criteria({ evaluations }: { readonly evaluations: Call["evaluations"] }) {
  if (evaluations.length === 0) return null;
  const sorted = [...evaluations].sort(
    (one, other) => (ORDER[one.result ?? ""] ?? 1) - (ORDER[other.result ?? ""] ?? 1),
  );
  const met = evaluations.filter(({ result }) => result === "success").length;
  return (
    <section className="fs">
      <h2>
        Criteria{" "}
        <span className="t3">
          {met} of {evaluations.length} met
        </span>
      </h2>
      {sorted.map(({ criteria_id, result, score, max_score, rationale, scope, agent_id }) => (
        <div className="ev" key={`${criteria_id} ${scope} ${agent_id}`}>
          <Outcome kind={result === "success" || result === "failure" ? result : "unknown"} isShort />
          <span className="mono">
            <bdi>{criteria_id}</bdi>
            {scope === "agent" && agent_id && <span className="t3"> {shortId(agent_id)}</span>}
          </span>
          <span className="t3">{score !== null && `${score}/${max_score ?? 100}`}</span>
          {rationale && <bdi className="wy">{rationale}</bdi>}
        </div>
      ))}
    </section>
  );
}
