import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef } from "react";
import { useLocation } from "wouter";
import type { CallRow } from "../api/queries.ts";
import { callAddress } from "../call/call-address.ts";
import { countText, weekdayText } from "../parts/format.ts";
import { useAddress } from "../shell/address.ts";
import { useKeys } from "../shell/keys.ts";
import { useMedia } from "../shell/media.ts";
import type { Column } from "./columns.tsx";

type Item =
  | { readonly kind: "day"; readonly day: string; readonly calls: number | undefined }
  | { readonly kind: "call"; readonly call: CallRow }
  | { readonly kind: "loading" };

const DAY_HEIGHT = 32;
const ROW_HEIGHT = 36;
const PHONE_ROW_HEIGHT = 60;

interface Props {
  readonly calls: readonly CallRow[];
  readonly columns: readonly Column[];
  /** Whether the list is in the order of time, so that days are headings. */
  readonly isByTime: boolean;
  /** The number of calls of each day, where it is known. */
  readonly perDay: ReadonlyMap<string, number>;
  readonly selected: string | undefined;
  readonly select: (id: string) => void;
  readonly hasMore: boolean;
  readonly loadMore: () => void;
}

/** The list. Only the rows that are seen are in the page, and the next page loads before its end is seen. */
export function CallList({ calls, columns, isByTime, perDay, selected, select, hasMore, loadMore }: Props) {
  const [, go] = useLocation();
  const [parameters] = useAddress();
  const scroller = useRef<HTMLDivElement>(null);
  const isPhone = useMedia("(max-width: 899px)");
  const items = useMemo(() => itemsOf(calls, isByTime, perDay, hasMore), [calls, isByTime, perDay, hasMore]);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (items[index]?.kind === "day" ? DAY_HEIGHT : isPhone ? PHONE_ROW_HEIGHT : ROW_HEIGHT),
    overscan: 12,
  });
  // The heights depend on what the items are, and on the width.
  // biome-ignore lint/correctness/useExhaustiveDependencies: they are what the heights depend on.
  useEffect(() => virtual.measure(), [items, isPhone, virtual]);

  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= items.length - 30) loadMore();
  }, [hasMore, last, items.length, loadMore]);

  const move = (step: number) => {
    const position = calls.findIndex(({ conversation_id }) => conversation_id === selected);
    const call = calls[Math.max(0, Math.min(calls.length - 1, position + step))];
    if (!call) return;
    select(call.conversation_id);
    const index = items.findIndex((item) => item.kind === "call" && item.call === call);
    virtual.scrollToIndex(index, { align: "auto" });
  };
  const open = (id: string | undefined) => id && go(callAddress(id, parameters));
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: () => open(selected),
  });

  const template = {
    gridTemplateColumns: columns.map(({ width, id }) => (id === "time" ? timeWidth(isByTime) : width)).join(" "),
  };
  const top = dayAt(items, virtual.scrollOffset ?? 0, virtual);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table cannot scroll a window over its rows.
    <div
      ref={scroller}
      className="scroll vl"
      role="grid"
      tabIndex={0}
      aria-label="Calls"
      aria-rowcount={hasMore ? -1 : calls.length}
      aria-activedescendant={selected ? `row-${selected}` : undefined}
    >
      {top && <DayHead item={top} isSticky />}
      <div role="presentation" style={{ height: virtual.getTotalSize() }} />
      {shown.map(({ index, start }) => {
        const item = items[index];
        if (!item || item.kind === "loading") return null;
        if (item.kind === "day") return <DayHead key={`day ${index}`} item={item} start={start} />;
        const { conversation_id: id } = item.call;
        return (
          // biome-ignore lint/a11y/useSemanticElements: see above.
          // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles the keys of its rows.
          // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus, and names its active row.
          <div
            key={id}
            id={`row-${id}`}
            role="row"
            aria-selected={id === selected}
            className={`lr row ${id === selected ? "on" : ""}`}
            style={{ top: start, ...(isPhone ? {} : template) }}
            onClick={() => (isPhone ? open(id) : select(id))}
            onDoubleClick={() => open(id)}
          >
            {columns.map((column) => (
              // biome-ignore lint/a11y/useSemanticElements: see above.
              // biome-ignore lint/a11y/useFocusableInteractive: see above.
              <span key={column.id} role="gridcell" className={`c-${column.id} ${column.isNumber ? "num" : "cut"}`}>
                {column.cell(item.call, isByTime)}
              </span>
            ))}
          </div>
        );
      })}
    </div>
  );
}

function DayHead({
  item,
  start,
  isSticky = false,
}: {
  readonly item: Item & { kind: "day" };
  readonly start?: number;
  readonly isSticky?: boolean;
}) {
  return (
    <div
      className={`dayh ${isSticky ? "stick" : ""}`}
      role="presentation"
      style={start === undefined ? undefined : { top: start }}
    >
      {weekdayText(item.day)}{" "}
      {item.calls !== undefined && (
        <span className="t3">
          {countText(item.calls)} {item.calls === 1 ? "call" : "calls"}
        </span>
      )}
    </div>
  );
}

/** The width of the column of times. It is as wide for the heads of the columns. */
export function timeWidth(isByTime: boolean): string {
  return isByTime ? "40px" : "128px";
}

function itemsOf(
  calls: readonly CallRow[],
  isByTime: boolean,
  perDay: ReadonlyMap<string, number>,
  hasMore: boolean,
): Item[] {
  const items: Item[] = [];
  let day = "";
  for (const call of calls) {
    const of = call.dt ?? "";
    if (isByTime && of !== day) items.push({ kind: "day", day: of, calls: perDay.get(of) });
    day = of;
    items.push({ kind: "call", call });
  }
  if (hasMore) items.push({ kind: "loading" });
  return items;
}

/** The heading of the day at the top of what is seen. */
function dayAt(
  items: readonly Item[],
  offset: number,
  virtual: { getVirtualItemForOffset(offset: number): { index: number } | undefined },
) {
  // A day is near, and this runs for each frame of scrolling: the whole list is not copied or searched.
  for (let index = virtual.getVirtualItemForOffset(offset)?.index ?? 0; index >= 0; index -= 1) {
    const item = items[index];
    if (item?.kind === "day") return item;
  }
  return undefined;
}
