import { countText, plural } from "../parts/format.ts";
import { Icon } from "../parts/icon.tsx";
import { AnswerTable } from "./answer-table.tsx";
import type { Rows, Timed } from "./questions.ts";

/** An answer as a table, with how many rows it has, the time it took, and its CSV. */
export function AnswerSection(props: {
  readonly answer: Timed<Rows>;
  readonly csvUrl: string;
  readonly csvName: string;
  /** The days of the answer, which links to lists of calls keep. */
  readonly range: Readonly<Record<string, string>>;
}) {
  const { answer, csvUrl, csvName, range } = props;
  const { items, is_cut: isCut, most_rows: mostRows, milliseconds } = answer;
  return (
    <section className="as" aria-labelledby="as-rows">
      <div className="sech">
        <h2 id="as-rows">
          <span role="status">{plural(items.length, "row")}</span>
        </h2>
        <span className="t3 s">answered in {(milliseconds / 1000).toFixed(2)} s</span>
        <span className="ctl end">
          <a className="btn sm" href={csvUrl} download={csvName}>
            <Icon name="download" />
            CSV
          </a>
        </span>
      </div>
      {isCut && (
        <p className="note warn cutnote">
          <Icon name="alert" />
          <span>
            There are more rows: an answer has at most {countText(mostRows)} rows and 10 MB. Choose fewer days, or
            narrow the question.
          </span>
        </p>
      )}
      {items.length === 0 ? (
        <p className="t2">No row fits. Choose more days, or other values.</p>
      ) : (
        <AnswerTable answer={answer} range={range} />
      )}
    </section>
  );
}
