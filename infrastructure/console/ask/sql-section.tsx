import { useMemo } from "react";
import { Link } from "wouter";
import { Icon } from "../parts/icon.tsx";
import { copyText } from "../shell/toast.tsx";
import { ownSqlAddress } from "./own-sql-address.ts";
import { linesOf, sqlParts, withoutHeader } from "./sql-parts.ts";

/** The SQL of a question, with its values in place. */
export function SqlSection(props: {
  readonly name: string;
  readonly sql: string;
  readonly notes: readonly string[];
  /** By name, in the order of the SQL. Absent until they are known. */
  readonly values: Readonly<Record<string, string>> | undefined;
  readonly isEditable: boolean;
}) {
  const { name, sql, notes, values, isEditable } = props;
  const parts = useMemo(() => sqlParts(withoutHeader(sql), Object.values(values ?? {})), [sql, values]);
  const text = parts.map((part) => part.text).join("");
  return (
    <section className="as" aria-labelledby="as-sql">
      <div className="sech">
        <h2 id="as-sql">SQL, as Athena runs it</h2>
        <span className="ctl end">
          <button type="button" className="btn sm" onClick={() => void copyText(text, "SQL")}>
            <Icon name="copy" />
            Copy
          </button>
          {isEditable && values && (
            <Link className="btn sm" href={ownSqlAddress(`-- A copy of ${name}\n${text}`)}>
              Edit a copy
            </Link>
          )}
        </span>
      </div>
      {notes.map((note) => (
        <p key={note} className="t2 nt">
          {note.split("`").map((part, index) => (
            // Every second part is between backticks.
            // biome-ignore lint/suspicious/noArrayIndexKey: parts do not move.
            <span key={index} className={index % 2 === 1 ? "mono" : undefined}>
              {part}
            </span>
          ))}
        </p>
      ))}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <pre className="sql" tabIndex={0}>
        {linesOf(parts).map((line, number) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines do not move.
          <span key={number} className="line">
            {line.map(({ kind, text: each }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: parts do not move.
              <span key={index} className={kind === "text" ? undefined : `sql-${kind}`}>
                {each}
              </span>
            ))}
            {"\n"}
          </span>
        ))}
      </pre>
    </section>
  );
}
