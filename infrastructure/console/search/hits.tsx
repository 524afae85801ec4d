import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Link } from "wouter";
import { plural, today } from "../parts/format.ts";
import { Notice, Problem, Skeleton } from "../parts/states.tsx";
import type { AddressChange } from "../shell/address.ts";
import { callHits } from "./call-hits.ts";
import { HitList } from "./hit-list.tsx";
import { questionAddress } from "./phrase-questions.tsx";
import { daysText, FIRST_DAY, isAllDays, isSearchable, type Search, searchQuery } from "./search-query.ts";

interface Props {
  readonly search: Search;
  readonly change: (change: AddressChange) => void;
  readonly agentNames: ReadonlyMap<string, string>;
  readonly selected: string | null;
  readonly select: (id: string) => void;
}

/** The hits of a search, or why there are none. */
export function Hits({ search, change, agentNames, selected, select }: Props) {
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery(
    searchQuery(search),
  );
  const rows = useMemo(() => data?.pages.flatMap(({ items }) => items) ?? [], [data]);
  const calls = useMemo(() => callHits(rows), [rows]);
  if (!isSearchable(search.phrase)) return <NoPhrase />;
  if (error && rows.length === 0) return <Problem error={error} retry={() => void refetch()} />;
  if (isPending) return <Skeleton lines={12} label="The words of the calls are being searched" />;
  if (rows.length === 0) return <NoHit search={search} change={change} />;
  const found = `${plural(rows.length, "hit")} in ${plural(calls.length, "call")}`;
  return (
    <>
      <div className="sech">
        <h2 aria-live="polite">{hasNextPage ? `The latest ${found}` : found}</h2>
      </div>
      <HitList calls={calls} phrase={search.phrase} agentNames={agentNames} selected={selected} select={select} />
      <div className="more">
        {error ? (
          <Problem error={error} retry={() => void fetchNextPage()} />
        ) : hasNextPage ? (
          <button type="button" className="btn" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {isFetchingNextPage ? "Searching earlier calls…" : "Search earlier calls"}
          </button>
        ) : (
          `These are all hits in ${daysText(search)}.`
        )}
      </div>
    </>
  );
}

function NoPhrase() {
  return (
    <Notice icon="search" title="Type what was said, and press Enter">
      <p>
        A part of a word counts, and capitals do not matter. Every other character stands for itself: <code>%</code> and{" "}
        <code>_</code> are no wildcards.
      </p>
    </Notice>
  );
}

function NoHit({ search, change }: Pick<Props, "search" | "change">) {
  const { phrase, speaker, agent } = search;
  return (
    <Notice icon="search" title="No hit">
      <p>
        {speaker === "user" ? "No caller" : speaker === "agent" ? "No agent" : "Nobody"} said “<bdi>{phrase}</bdi>” in{" "}
        {daysText(search)}
        {agent !== undefined && " with this agent"}. Try fewer words.{" "}
        <Link className="link" href={questionAddress("phrase-said", search)}>
          phrase-said
        </Link>{" "}
        also finds it with another apostrophe or other white space.
      </p>
      <div className="ctl">
        {!isAllDays(search) && (
          <button type="button" className="btn" onClick={() => change({ from: FIRST_DAY, to: today() })}>
            Search all days
          </button>
        )}
        {(speaker !== "any" || agent !== undefined) && (
          <button type="button" className="btn" onClick={() => change({ speaker: undefined, agent: undefined })}>
            Search anyone and all agents
          </button>
        )}
      </div>
    </Notice>
  );
}
