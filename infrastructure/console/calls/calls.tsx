import "./calls.css";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { callsQuery, facetsQuery } from "../api/queries.ts";
import { countText } from "../parts/format.ts";
import { Icon } from "../parts/icon.tsx";
import { Notice, Problem, Skeleton } from "../parts/states.tsx";
import { useAddress } from "../shell/address.ts";
import { useKeys } from "../shell/keys.ts";
import { useMedia } from "../shell/media.ts";
import { CallList, timeWidth } from "./call-list.tsx";
import { CallPreview } from "./call-preview.tsx";
import { Chips } from "./chips.tsx";
import { ColumnMenu } from "./column-menu.tsx";
import { type Column, columnsIn, nextSort } from "./columns.tsx";
import { FacetPane } from "./facet-pane.tsx";
import { filterIn, sortIn } from "./filter.ts";

/** The calls that fit a filter, with a preview of the selected one. */
export default function Calls() {
  const [parameters, change] = useAddress();
  const filter = useMemo(() => filterIn(parameters), [parameters]);
  const sort = sortIn(parameters);
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery(
    callsQuery(filter, sort),
  );
  const facets = useQuery(facetsQuery(filter)).data;
  const isNarrow = useMedia("(max-width: 1279px)");
  const [showsFilters, setShowsFilters] = useState(false);
  const [showsPreview, setShowsPreview] = useState(true);

  const calls = useMemo(() => data?.pages.flatMap(({ items }) => items) ?? [], [data]);
  const perDay = useMemo(() => new Map(facets?.["day"]?.map(({ value, calls }) => [String(value), calls])), [facets]);
  const columns = columnsIn(parameters.get("cols"));
  const selected = parameters.get("sel") ?? calls[0]?.conversation_id;
  const isByTime = sort === "-started_at" || sort === "started_at";
  const loadMore = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [isFetchingNextPage, fetchNextPage]);
  const setFilter = (name: string, value: string | undefined) => change({ [name]: value, sel: undefined }, true);
  const setDays = (from: string, to: string) => change({ from, to, sel: undefined }, true);

  useKeys({ p: () => setShowsPreview(!showsPreview), f: () => setShowsFilters(!showsFilters) });

  return (
    <div className={`frame lf ${showsFilters ? "filters" : ""} ${showsPreview ? "" : "nopv"}`}>
      {(!isNarrow || showsFilters) && <FacetPane filter={filter} change={setFilter} setDays={setDays} />}
      <div className="pane list">
        <header className="lh">
          <h1>Calls</h1>
          <span className="t3" role="status">
            {facets && countText(facets.calls)}
          </span>
          <div className="ctl">
            {isNarrow && (
              <button
                type="button"
                className="btn"
                aria-expanded={showsFilters}
                onClick={() => setShowsFilters(!showsFilters)}
              >
                Filters <kbd className="hint">f</kbd>
              </button>
            )}
            <ColumnMenu columns={columns} choose={(ids) => change({ cols: ids?.join(",") })} />
          </div>
        </header>
        <Chips filter={filter} change={setFilter} setDays={setDays} agents={facets?.["agent"]} />
        <Heads
          columns={columns}
          isByTime={isByTime}
          sort={sort}
          choose={(next) => change({ sort: next, sel: undefined }, true)}
        />
        {error ? (
          <Problem error={error} retry={() => void refetch()} />
        ) : isPending ? (
          <Skeleton lines={12} label="Calls are being loaded" />
        ) : calls.length === 0 ? (
          <Notice icon="search" title="No call fits these filters">
            <p>Remove a filter above, or choose more days.</p>
          </Notice>
        ) : (
          <CallList
            calls={calls}
            columns={columns}
            isByTime={isByTime}
            perDay={perDay}
            selected={selected}
            select={(id) => change({ sel: id })}
            hasMore={hasNextPage}
            loadMore={loadMore}
          />
        )}
      </div>
      {showsPreview && <CallPreview id={calls.length > 0 ? selected : undefined} />}
    </div>
  );
}

function Heads(props: {
  readonly columns: readonly Column[];
  readonly isByTime: boolean;
  readonly sort: ReturnType<typeof sortIn>;
  readonly choose: (sort: ReturnType<typeof sortIn>) => void;
}) {
  const { columns, isByTime, sort, choose } = props;
  const template = columns.map(({ id, width }) => (id === "time" ? timeWidth(isByTime) : width)).join(" ");
  return (
    <div className="lr lhead" style={{ gridTemplateColumns: template }}>
      {columns.map(({ id, name, isNumber, sort: by }) => (
        <span key={id} className={isNumber ? "num" : "cut"}>
          {by ? (
            <button type="button" onClick={() => choose(nextSort(by, sort))} aria-label={`Sort by ${name}`}>
              {name}
              {sort.replace("-", "") === by && <Icon name={sort.startsWith("-") ? "down" : "up"} />}
            </button>
          ) : (
            name
          )}
        </span>
      ))}
    </div>
  );
}
