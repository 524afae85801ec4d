import { type InfiniteData, type QueryClient, queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { type Answer, get } from "../api/client.ts";
import { type Call, type CallFilter, type CallSort, callQuery, callsQuery, facetsQuery } from "../api/queries.ts";
import { filterIn, sortIn } from "../calls/filter.ts";
import { dayAfter } from "../parts/format.ts";

/** The calls beside a call in its list. */
export interface Neighbours {
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** The place in the list and its length, if both are known without a query. */
  readonly position: readonly [place: number, of: number] | undefined;
}

type CallsPage = Answer<"/api/v1/calls">;

/** Without a list, neighbours are searched within this number of days. */
const DAYS = 7;
const PAGE = 200;
/** A day with more calls has no neighbours here. */
const MOST_PAGES = 3;
const FRESH_MS = 60_000;

/** The neighbours of a call in the list that the address names: its filter and order. */
export function useNeighbours(conversation: Call["conversation"] | undefined, parameters: URLSearchParams): Neighbours {
  const client = useQueryClient();
  const filter = filterIn(parameters);
  const sort = sortIn(parameters);
  const id = conversation?.conversation_id ?? "";
  const loaded = inLoadedList(client, filter, sort, id);
  const day = conversation?.dt ?? "";
  const around = {
    ...filter,
    from: parameters.get("from") ?? dayAfter(day || filter.to, -DAYS),
    to: parameters.get("to") ?? dayAfter(day || filter.to, DAYS),
  };
  const isByTime = sort === "-started_at" || sort === "started_at";
  const { data } = useQuery({
    ...aroundQuery(id, day, around, sort),
    enabled: !loaded && isByTime && day !== "" && around.from <= day && day <= around.to,
  });
  const found = loaded ?? { before: data?.before, after: data?.after, position: undefined };
  usePrefetch(client, found.before);
  usePrefetch(client, found.after);
  return found;
}

/** Loads a neighbour ahead, so that it opens at once. */
function usePrefetch(client: QueryClient, id: string | undefined): void {
  useEffect(() => {
    if (id !== undefined) void client.prefetchQuery({ ...callQuery(id), staleTime: FRESH_MS });
  }, [client, id]);
}

function inLoadedList(client: QueryClient, filter: CallFilter, sort: CallSort, id: string): Neighbours | undefined {
  const list = client.getQueryData<InfiniteData<CallsPage>>(callsQuery(filter, sort).queryKey);
  const calls = list?.pages.flatMap(({ items }) => items) ?? [];
  const place = calls.findIndex(({ conversation_id }) => conversation_id === id);
  const isWhole = list?.pages.at(-1)?.next_cursor === null;
  if (place === -1 || (place === calls.length - 1 && !isWhole)) return undefined;
  const total = client.getQueryData<Answer<"/api/v1/calls/facets">>(facetsQuery(filter).queryKey)?.calls;
  return {
    before: calls[place - 1]?.conversation_id,
    after: calls[place + 1]?.conversation_id,
    position: total === undefined ? undefined : [place + 1, total],
  };
}

function aroundQuery(id: string, day: string, filter: CallFilter & { from: string; to: string }, sort: CallSort) {
  return queryOptions({
    queryKey: ["neighbours", id, filter, sort],
    staleTime: FRESH_MS,
    queryFn: async ({ signal }) => {
      const [older, newer] = await Promise.all([
        next(id, { ...filter, to: day }, "-started_at", signal),
        next(id, { ...filter, from: day }, "started_at", signal),
      ]);
      return sort === "-started_at" ? { before: newer, after: older } : { before: older, after: newer };
    },
  });
}

/** The call after `id` in an order. Calls of one second are in one order in both directions. */
async function next(id: string, filter: CallFilter, sort: CallSort, signal: AbortSignal): Promise<string | undefined> {
  let isFound = false;
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const query: CallFilter & { sort: CallSort; limit: number; cursor?: string } = {
      ...filter,
      sort,
      limit: PAGE,
      ...(cursor && { cursor }),
    };
    const { items, next_cursor }: CallsPage = await get("/api/v1/calls", { query }, signal);
    for (const { conversation_id } of items) {
      if (isFound) return conversation_id;
      isFound = conversation_id === id;
    }
    if (next_cursor === null) return undefined;
    cursor = next_cursor;
  }
  return undefined;
}
