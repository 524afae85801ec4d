import { useState } from "react";
import type { Call } from "../api/queries.ts";
import { shortId } from "../parts/format.ts";
import { LongText } from "./long-text.tsx";

/** The data that the analysis collected, with the reasons on demand. */
export function Collected({ values }: { readonly values: Call["data_points"] }) {
  const [hasReasons, setReasons] = useState(false);
  if (values.length === 0) return null;
  return (
    <section className="fs">
      <h2>
        Collected{" "}
        <button type="button" className="t3 why" aria-pressed={hasReasons} onClick={() => setReasons(!hasReasons)}>
          {hasReasons ? "without reasons" : "with reasons"}
        </button>
      </h2>
      <dl className="kv">
        {values.map(({ name, value, value_type, rationale, scope, agent_id }) => (
          <div key={`${name} ${scope} ${agent_id}`}>
            <dt className="mono">
              <bdi>{name}</bdi>
              {scope === "agent" && agent_id && ` ${shortId(agent_id)}`}
            </dt>
            <dd title={rationale ?? undefined}>
              <Value value={value} type={value_type} />
              {hasReasons && rationale && <bdi className="wy">{rationale}</bdi>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Value({ value, type }: { readonly value: string | null; readonly type: string | null }) {
  if (value === null) return <span className="t3">not found</span>;
  if (type === "boolean") return value === "true" ? "yes" : "no";
  return <LongText text={value} />;
}
