import { Link } from "wouter";
import { localText, NOTHING, timeText, weekdayText } from "../parts/format.ts";
import { callOfKey, type DeadLetter } from "./report.ts";
import { Section } from "./section.tsx";

/** The objects whose processing failed for good, with the reasons. `redrive` is absent where there are no actions. */
export function DeadLetters(props: {
  readonly letters: readonly DeadLetter[] | null;
  readonly redrive?: ((keys: readonly string[] | undefined) => void) | undefined;
  readonly command: string;
}) {
  const { letters, redrive, command } = props;
  const count = letters?.length ?? 0;
  return (
    <Section
      id="dead"
      title="Dead letters"
      className="c12 new"
      beside={letters && count > 0 ? `${count}, which are not tried again` : undefined}
      button={
        count > 0 &&
        (redrive ? (
          <button type="button" className="btn sm" onClick={() => redrive(undefined)}>
            Send all back…
          </button>
        ) : (
          <code>{command}</code>
        ))
      }
    >
      {letters === null ? (
        <p className="t2">
          Here they are in a queue, which the console does not read. <code>{command}</code> lists them.
        </p>
      ) : count === 0 ? (
        <p className="t2">None. Every object that arrived was processed, is waiting, or is tried again.</p>
      ) : (
        <Table letters={letters} redrive={redrive} />
      )}
    </Section>
  );
}

function Table({
  letters,
  redrive,
}: Pick<Parameters<typeof DeadLetters>[0], "redrive"> & { letters: readonly DeadLetter[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable by keyboard.
    <section className="scrollx" tabIndex={0} aria-label="Dead letters, table">
      <table className="tbl">
        <thead>
          <tr>
            <th>Object</th>
            <th>Since</th>
            <th className="num">Attempts</th>
            <th>Reason</th>
            <th>
              <span className="vh">What to do</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {letters.map(({ key, reason, attempts, at }) => (
            <tr key={key}>
              <td className="mono key">
                <ObjectLink objectKey={key} />
              </td>
              <td className="nw">
                {at ? (
                  <time dateTime={at} title={localText(at)}>
                    {weekdayText(at)}, {timeText(at)}
                  </time>
                ) : (
                  NOTHING
                )}
              </td>
              <td className="num">{attempts ?? NOTHING}</td>
              <td className="why">
                <bdi>{reason ?? "The record of the reason is damaged."}</bdi>
              </td>
              <td className="a">
                {redrive && (
                  <button type="button" className="btn sm" onClick={() => redrive([key])}>
                    Send back… <span className="vh">{key}</span>
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** A key, as a link to its call if it has one. */
export function ObjectLink({ objectKey }: { readonly objectKey: string }) {
  const call = callOfKey(objectKey);
  if (call === undefined) return objectKey;
  return (
    <Link className="link" href={`/calls/${encodeURIComponent(call)}`}>
      {objectKey}
    </Link>
  );
}
