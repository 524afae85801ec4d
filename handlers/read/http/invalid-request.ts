import { Problem } from "../problem.ts";
import { shortened } from "../range.ts";
import { PREFIX } from "./routes.ts";

interface Issue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
}

/** The problem of a request with these issues: with its parameters, or with the fields of its body. */
export function invalidRequest([issue]: readonly Issue[], what: "field" | "parameter"): Problem {
  const { code, path = [], message = "", keys = [] } = issue ?? { code: "" };
  if (code === "unrecognized_keys") {
    const detail = `There is no ${what} ${keys.slice(0, 3).map(shortened).join(", ")}: GET ${PREFIX}/openapi.json lists all.`;
    return new Problem(400, `Unknown ${what}`, detail);
  }
  const where = path.length === 0 ? "" : `${path.map(String).join(".")}: `;
  return new Problem(400, "Value not accepted", `${where}${message}.`);
}
