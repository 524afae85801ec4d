import type { Call } from "../api/queries.ts";
import { countText, usdText } from "../parts/format.ts";

/** What a call cost, by language model. */
export function Cost({ call }: { readonly call: Call }) {
  // A failed attempt has no such columns.
  const { cost_credits = null, cost_usd = null, surcharge_credits = null } = call.conversation;
  const models = call.llm_usage;
  if (cost_credits === null && cost_usd === null && models.length === 0) return null;
  const parts = [
    cost_credits !== null && `${countText(cost_credits)} credits`,
    surcharge_credits && `${countText(surcharge_credits)} surcharge`,
    cost_usd !== null && usdText(cost_usd, 4),
  ].filter(Boolean);
  return (
    <section className="fs">
      <h2>
        Cost <span className="t3">{parts.join(", ")}</span>
      </h2>
      {models.length > 0 && (
        <table className="tbl">
          <thead>
            <tr>
              <th>Model</th>
              <th className="num">Tokens</th>
              <th className="num" title="Price of all generations that were started">
                Started
              </th>
              <th className="num" title="Price of the generations that were spoken">
                Spoken
              </th>
            </tr>
          </thead>
          <tbody>
            {models.map(({ llm_model, initiated_tokens, initiated_usd, used_usd }) => (
              <tr key={llm_model}>
                <td className="mono">{llm_model}</td>
                <td className="num">{initiated_tokens === null ? "–" : countText(Number(initiated_tokens))}</td>
                <td className="num">{usdText(initiated_usd, 4)}</td>
                <td className="num">{usdText(used_usd, 4)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
