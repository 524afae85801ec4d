import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { type Answer, get, type Parameters } from "./client.ts";

/** A row of the calls list. */
export type CallRow = Answer<"/api/v1/calls">["items"][number];
/** One call with all its rows. */
export type Call = Answer<"/api/v1/calls/{conversation_id}">;
/** Counts for a filter. */
export type Facets = Answer<"/api/v1/calls/facets">;
/** The filter of a list of calls. */
export type CallFilter = NonNullable<Parameters<"/api/v1/calls/facets">["query"]>;
/** An order of a list of calls. */
export type CallSort = NonNullable<NonNullable<Parameters<"/api/v1/calls">["query"]>["sort"]>;

/** How many calls a page of the list has. */
const PAGE = 100;

/** The calls that fit a filter, page by page. */
export const callsQuery = (filter: CallFilter, sort: CallSort) =>
  infiniteQueryOptions({
    queryKey: ["calls", filter, sort],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      get(
        "/api/v1/calls",
        { query: { ...filter, sort, limit: PAGE, ...(pageParam && { cursor: pageParam }) } },
        signal,
      ),
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
  });

/** The counts for a filter. */
export const facetsQuery = (filter: CallFilter) =>
  queryOptions({
    queryKey: ["facets", filter],
    queryFn: ({ signal }) => get("/api/v1/calls/facets", { query: filter }, signal),
    placeholderData: keepPreviousData,
  });

/** One call. */
export const callQuery = (id: string) =>
  queryOptions({
    queryKey: ["call", id],
    queryFn: ({ signal }) => get("/api/v1/calls/{conversation_id}", { path: { conversation_id: id } }, signal),
  });

/** The answer to a saved question. */
export const answerQuery = (name: string, values: Readonly<Record<string, string>>) =>
  queryOptions({
    queryKey: ["answer", name, values],
    queryFn: ({ signal }) => get("/api/v1/questions/{name}", { path: { name }, query: values }, signal),
    placeholderData: keepPreviousData,
  });

/** The numbers of a range, of the range before it, and of their days. */
export const overviewQuery = (from: string, to: string, agent: string | undefined) =>
  queryOptions({
    queryKey: ["overview", from, to, agent],
    queryFn: ({ signal }) => get("/api/v1/overview", { query: { from, to, ...(agent && { agent }) } }, signal),
    placeholderData: keepPreviousData,
  });

/** How complete the archive is, per day. On a stack this is a query, so it is asked again only after an action or a reload. */
export const reportQuery = ({ from, to }: { readonly from: string; readonly to: string }) =>
  queryOptions({
    queryKey: ["archive", from, to],
    queryFn: ({ signal }) => get("/api/v1/archive", { query: { from, to } }, signal),
    staleTime: 5 * 60_000,
    refetchOnWindowFocus: false,
  });
