import "./quick-wasm.ts";
import { ast, type transform } from "@polyglot-sql/sdk";

type Expression = Parameters<typeof transform>[0];

/**
 * Replaces an expression with a date, so that DuckDB gives it Trino's type: a date ± an interval is a date. Returns
 * `undefined` for any other expression, which stays unchanged.
 *
 * DuckDB's own result is a timestamp, whose text has an hour: `dt >= cast(current_date - interval '30' day as
 * varchar)` would lose the first day. `date_add` becomes the macro of `macros.ts`, because the translator's own
 * version accepts positive literals only.
 *
 * For `transform`, which calls it after a node's children.
 */
export function keepDateTypes(node: Expression): Expression | undefined {
  if ("function" in node && node.function.name.toLowerCase() === "date_add")
    return call("plus_units", node.function.args);
  const sum = "add" in node ? node.add : "sub" in node ? node.sub : undefined;
  if (sum === undefined || !("interval" in sum.right)) return undefined;
  return call("cast_to_type", [node, sum.left]);
}

function call(name: string, args: Expression[]): Expression {
  const { makeExpr } = ast;
  return makeExpr("function", {
    name,
    args,
    distinct: false,
    trailing_comments: [],
    use_bracket_syntax: false,
    no_parens: false,
    quoted: false,
  });
}
