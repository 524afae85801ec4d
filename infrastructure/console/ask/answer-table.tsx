import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef, useState } from "react";
import { countText } from "../parts/format.ts";
import { Icon } from "../parts/icon.tsx";
import { useAddress } from "../shell/address.ts";
import { useAgentNames } from "./agent-names.ts";
import { Cell } from "./cell.tsx";
import { type AnswerColumn, columnsOf, type Sorting, sorted, sortingIn } from "./columns.ts";
import type { AnswerRow, Rows } from "./questions.ts";
import { RowDetails } from "./row-details.tsx";

const ROW_HEIGHT = 29;
/** The width of a character of the table's fonts, and the space between columns, in pixels. */
const CHARACTER = 7.4;
const GAP = 24;
/** The width of the button that shows a row in full, in pixels. */
const OPENER = 24;

/** The rows. Only those that are seen are in the page. A click on a head sorts them. */
export function AnswerTable({
  answer,
  range,
}: {
  readonly answer: Rows;
  readonly range: Readonly<Record<string, string>>;
}) {
  const [address, change] = useAddress();
  const [opened, open] = useState<AnswerRow>();
  const scroller = useRef<HTMLDivElement>(null);
  const columns = useMemo(() => columnsOf(answer), [answer]);
  const names = useAgentNames(
    columns.some(({ name }) => name === "agent_id"),
    range,
  );
  const text = address.get("_sort");
  const sortedBy = columns.find(({ name }) => name === sortingIn(text)?.column);
  const rows = useMemo(
    () => sorted(answer.items, sortedBy && sortingIn(text), sortedBy?.isNumber ?? false),
    [answer, text, sortedBy],
  );
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 10,
  });
  const shown = virtual.getVirtualItems();
  const above = shown[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (shown.at(-1)?.end ?? 0);
  const width = columns.reduce((sum, { characters }) => sum + columnWidth(characters), OPENER);
  const openAt = opened === undefined ? -1 : rows.indexOf(opened);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <section className="tw" ref={scroller} tabIndex={0} aria-label={`Answer, ${countText(rows.length)} rows`}>
        <table className="tbl" aria-rowcount={rows.length + 1} style={{ minWidth: width }}>
          <colgroup>
            <col style={{ width: OPENER }} />
            {columns.map(({ name, characters }) => (
              <col key={name} style={{ width: columnWidth(characters) }} />
            ))}
            <col />
          </colgroup>
          <thead>
            <tr aria-rowindex={1}>
              <td />
              {columns.map((column) => (
                <Head
                  key={column.name}
                  column={column}
                  sorting={sortingIn(text)}
                  sort={(next) => change({ _sort: next })}
                />
              ))}
              <td />
            </tr>
          </thead>
          <tbody>
            {above > 0 && <Space height={above} />}
            {shown.map(({ index, key }) => {
              const row = rows[index];
              return (
                row && (
                  <tr key={key} aria-rowindex={index + 2} className={row === opened ? "on" : undefined}>
                    <td>
                      <button
                        type="button"
                        className="opener"
                        aria-label={`Row ${index + 1} in full`}
                        aria-expanded={row === opened}
                        onClick={() => open(row === opened ? undefined : row)}
                      >
                        <Icon name="right" />
                      </button>
                    </td>
                    {columns.map((column) => (
                      <Cell key={column.name} column={column} row={row} range={range} names={names} />
                    ))}
                    <td />
                  </tr>
                )
              );
            })}
            {below > 0 && <Space height={below} />}
          </tbody>
        </table>
      </section>
      {opened && openAt >= 0 && (
        <RowDetails row={opened} number={openAt + 1} columns={answer.columns} close={() => open(undefined)} />
      )}
    </>
  );
}

/** In the place of rows that are not in the page. */
function Space({ height }: { readonly height: number }) {
  return (
    <tr>
      <td className="space" style={{ height }} />
    </tr>
  );
}

function columnWidth(characters: number): number {
  return Math.ceil(characters * CHARACTER) + GAP;
}

/** The first click sorts numbers from the largest and texts from A, the second one the other way, the third not at all. */
function Head(props: {
  readonly column: AnswerColumn;
  readonly sorting: Sorting | undefined;
  readonly sort: (next: string | undefined) => void;
}) {
  const { column, sorting, sort } = props;
  const { name, isNumber } = column;
  const isOn = sorting?.column === name;
  const [first, second] = isNumber ? [`-${name}`, name] : [name, `-${name}`];
  const current = isOn ? (sorting.isDescending ? `-${name}` : name) : undefined;
  const next = current === undefined ? first : current === first ? second : undefined;
  return (
    <th
      scope="col"
      className={isNumber ? "num" : undefined}
      aria-sort={isOn ? (sorting.isDescending ? "descending" : "ascending") : undefined}
    >
      <button type="button" onClick={() => sort(next)} title={`Sort by ${name}`}>
        {name}
        {isOn && <Icon name={sorting.isDescending ? "down" : "up"} />}
      </button>
    </th>
  );
}
