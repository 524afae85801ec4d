import { useEffect, useRef } from "react";
import { NOTHING } from "../parts/format.ts";
import { Icon } from "../parts/icon.tsx";
import { cellText } from "./columns.ts";
import type { AnswerRow, Rows } from "./questions.ts";

/** The longest value that is shown in full. The CSV has all of it. */
const LONGEST = 20_000;

/** One row with its values in full, below the table. */
export function RowDetails(props: {
  readonly row: AnswerRow;
  readonly number: number;
  readonly columns: Rows["columns"];
  readonly close: () => void;
}) {
  const { row, number, columns, close } = props;
  const section = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another row is shown in the same place.
  useEffect(() => section.current?.scrollIntoView({ block: "nearest" }), [row]);
  return (
    <section className="rowdetails" aria-labelledby="row-details" ref={section}>
      <div className="sech">
        <h3 id="row-details">Row {number}</h3>
        <button type="button" className="iconb end" aria-label={`Close row ${number}`} onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      <dl>
        {columns.map(({ name }) => (
          <div key={name}>
            <dt className="mono t3">{name}</dt>
            <dd>
              <bdi>{fullText(row[name])}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function fullText(value: AnswerRow[string] | undefined): string {
  if (value === null || value === undefined) return NOTHING;
  const text = String(value);
  if (text.length <= 40) return cellText(text, { isNumber: false, decimals: 0 });
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
