import { infiniteQueryOptions } from "@tanstack/react-query";
import { type Answer, get, type Parameters } from "../api/client.ts";
import { DEFAULT_WEEKS, firstDay } from "../calls/filter.ts";
import { dayText, today } from "../parts/format.ts";

/** No archive has a call before this day. */
export const FIRST_DAY = "2023-01-01";
/** The longest phrase that the read API accepts, in UTF-16 units. */
export const MOST_CHARACTERS = 500;
/** How many hits a page has. */
const PAGE = 50;

export type Speaker = NonNullable<NonNullable<Parameters<"/api/v1/search">["query"]>["speaker"]>;

/** What is searched. */
export interface Search {
  readonly phrase: string;
  readonly speaker: Speaker;
  readonly agent: string | undefined;
  readonly from: string;
  readonly to: string;
}

/** The search in the address, with the range that is meant where it has none. */
export function searchIn(parameters: URLSearchParams): Search {
  const speaker = parameters.get("speaker");
  return {
    phrase: (parameters.get("phrase") ?? "").trim(),
    speaker: speaker === "user" || speaker === "agent" ? speaker : "any",
    agent: parameters.get("agent") || undefined,
    from: parameters.get("from") || firstDay(DEFAULT_WEEKS),
    to: parameters.get("to") || today(),
  };
}

/** One hit, as the read API returns it. */
export type HitRow = Answer<"/api/v1/search">["items"][number];

/** The days of a search, after "in". */
export function daysText({ from, to }: Pick<Search, "from" | "to">): string {
  if (isAllDays({ from, to })) return "all days";
  const year = (day: string) => (day.slice(0, 4) === to.slice(0, 4) ? "" : ` ${day.slice(0, 4)}`);
  return from === to ? `the calls of ${dayText(from)}` : `the calls of ${dayText(from)}${year(from)} to ${dayText(to)}`;
}

/** Whether a range has every day with calls. */
export function isAllDays({ from, to }: Pick<Search, "from" | "to">): boolean {
  return from <= FIRST_DAY && to >= today();
}

/** Whether the read API accepts the phrase. */
export function isSearchable(phrase: string): boolean {
  return phrase !== "" && phrase.length <= MOST_CHARACTERS;
}

/**
 * The hits, page by page. On a stack each page is a query that costs money, so a page that was read stays, until it is
 * asked again.
 */
export const searchQuery = ({ phrase, speaker, agent, from, to }: Search) =>
  infiniteQueryOptions({
    queryKey: ["search", phrase, speaker, agent, from, to],
    enabled: isSearchable(phrase),
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      get(
        "/api/v1/search",
        {
          query: {
            phrase,
            speaker,
            from,
            to,
            limit: PAGE,
            ...(agent && { agent }),
            ...(pageParam && { cursor: pageParam }),
          },
        },
        signal,
      ),
    getNextPageParam: (last) => last.next_cursor,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 30 * 60_000,
  });
