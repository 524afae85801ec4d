import { queryOptions } from "@tanstack/react-query";
import { get } from "../api/client.ts";
import type { Days } from "./report.ts";

/** How complete the archive is. On a stack this is a query, so it is asked again only after an action or a reload. */
export const reportQuery = ({ from, to }: Days) =>
  queryOptions({
    queryKey: ["archive", from, to],
    queryFn: ({ signal }) => get("/api/v1/archive", { query: { from, to } }, signal),
    staleTime: 5 * 60_000,
    refetchOnWindowFocus: false,
  });
