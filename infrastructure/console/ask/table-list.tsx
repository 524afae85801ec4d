import type { Answer } from "../api/client.ts";
import { plural } from "../parts/format.ts";

/** The tables and their columns, with what each means. */
export function TableList({ tables }: { readonly tables: Answer<"/api/v1/tables">["items"] }) {
  return (
    <section className="as" aria-labelledby="as-tables">
      <div className="sech">
        <h2 id="as-tables">Tables</h2>
        <span className="t3 s">the editor offers their names while you type</span>
      </div>
      {tables.map(({ name, grain, columns }) => (
        <details key={name} className="tablecols">
          <summary>
            <span className="mono">{name}</span> <span className="t3">{grain}</span>{" "}
            <span className="t3 s hide-s">{plural(columns.length, "column")}</span>
          </summary>
          <dl>
            {columns.map((column) => (
              <div key={column.name}>
                <dt className="mono">{column.name}</dt>
                <dd className="t3">
                  <span className="mono">{column.type}</span> {column.comment}
                </dd>
              </div>
            ))}
          </dl>
        </details>
      ))}
    </section>
  );
}
