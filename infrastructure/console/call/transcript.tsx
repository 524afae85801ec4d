import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { Call } from "../api/queries.ts";
import { durationText } from "../parts/format.ts";
import { Icon } from "../parts/icon.tsx";
import { useKeys } from "../shell/keys.ts";
import { useMedia } from "../shell/media.ts";
import { type Course, speechAt } from "./course.ts";
import { useFollow } from "./follow.ts";
import { type Player, usePlayer } from "./player.ts";
import type { Silence } from "./silences.ts";
import { transcriptItems } from "./transcript-items.ts";
import { TranscriptRow } from "./transcript-row.tsx";

/** The width from which the transcript has its own pane. */
export const HAS_PANES = "(min-width: 900px)";

/** A transcript of at most this number of rows is whole in the page, so that the browser finds every word. */
const WHOLE_ROWS = 400;

interface Props {
  readonly call: Call;
  readonly course: Course;
  readonly silences: readonly Silence[];
  readonly player: Player;
  readonly hasAudio: boolean;
  /** What scrolls on a phone: the page below the bar. */
  readonly page: HTMLElement | null;
}

/** The transcript. It follows the player. Of a long one, only the rows that are seen are in the page. */
export function Transcript({ call, course, silences, player, hasAudio, page }: Props) {
  const { turns, tool_calls: tools } = call;
  const items = useMemo(() => transcriptItems(turns, tools, course, silences), [turns, tools, course, silences]);
  const rowOf = useMemo(() => {
    const rows: number[] = [];
    items.forEach((item, row) => {
      if (item.kind === "turn") rows[item.place] = row;
    });
    return rows;
  }, [items]);
  const current = usePlayer(player, () => speechAt(course.speech, player.time()));
  const [opened, setOpened] = useState<{ readonly all: boolean; readonly others: ReadonlySet<string> }>({
    all: false,
    others: new Set(),
  });
  const hasPanes = useMedia(HAS_PANES);
  const [pane, setPane] = useState<HTMLElement | null>(null);
  const scroller = hasPanes ? pane : page;
  const list = useRef<HTMLOListElement>(null);
  const [margin, setMargin] = useState(0);
  const virtual = useVirtualizer<HTMLElement, Element>({
    count: items.length,
    getScrollElement: () => scroller,
    estimateSize: useCallback((row: number) => (items[row]?.kind === "turn" ? 32 : 28), [items]),
    getItemKey: useCallback((row: number) => items[row]?.key ?? row, [items]),
    overscan: items.length <= WHOLE_ROWS ? WHOLE_ROWS : 8,
    scrollMargin: margin,
  });
  const [isAway, resume] = useFollow(virtual, scroller, rowOf[current] ?? -1, usePlayer(player, player.seeks));

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is above the list may change with its rows.
  useLayoutEffect(() => {
    const inner = list.current;
    if (!inner || !scroller) return;
    setMargin(inner.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop);
  }, [scroller, items]);

  const go = (place: number) => {
    const speech = course.speech[Math.max(0, Math.min(course.speech.length - 1, place))];
    if (speech) player.seek(speech.start);
  };
  useKeys({
    j: () => go(player.time() < (course.speech[0]?.start ?? 0) ? 0 : current + 1),
    k: () => go(current - 1),
    e: () => setOpened({ all: !opened.all, others: new Set() }),
  });
  const toggle = (key: string) => {
    const others = new Set(opened.others);
    if (!others.delete(key)) others.add(key);
    setOpened({ ...opened, others });
  };
  const pick = (start: number) => {
    player.seek(start);
    if (hasAudio) player.play();
  };

  const paneClass = `scroll trs ${course.length >= 3_600 ? "hours" : ""}`;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a pane that scrolls must be reachable by keyboard. */}
      <section ref={setPane} className={paneClass} tabIndex={0} aria-label="Transcript">
        <div className="trh" aria-hidden="true">
          <span>At</span>
          <span>Who</span>
          <span>Said</span>
          <span title="Wait for the language model's first byte, or for the tool">Waited</span>
        </div>
        <ol ref={list} className="tr" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, key, start }) => {
            const item = items[index];
            return (
              item && (
                <li
                  key={key}
                  ref={virtual.measureElement}
                  data-index={index}
                  aria-setsize={items.length}
                  aria-posinset={index + 1}
                  style={{ transform: `translateY(${start - margin}px)` }}
                >
                  <TranscriptRow
                    item={item}
                    isCurrent={item.kind === "turn" && item.place === current}
                    isOpen={opened.all !== opened.others.has(item.key)}
                    canPlay={hasAudio}
                    conversation={call.conversation}
                    pick={pick}
                    toggle={toggle}
                  />
                </li>
              )
            );
          })}
        </ol>
      </section>
      {isAway && (
        <button type="button" className="btn follow" onClick={resume}>
          <Icon name={(rowOf[current] ?? 0) < (virtual.range?.startIndex ?? 0) ? "up" : "down"} />
          Back to {durationText(Math.floor(course.speech[current]?.start ?? 0))}
        </button>
      )}
    </>
  );
}
